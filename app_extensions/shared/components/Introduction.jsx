import {speaker} from '../host.js';
import {blocking, reasonWords} from '../reasons.js';

/** @import {Host, Translate} from '../host.js' */
/** @import {Gate, OrderStatus} from '../values.js' */

/**
 * What sending one order will mean, and what may keep it waiting; little, where that is not known.
 *
 * @param {{status: OrderStatus | null, host: Host}} props
 */
export function Introduction({status, host}) {
  const t = speaker(host);
  if (!status) return <s-paragraph>{t('intro.unknown')}</s-paragraph>;
  const gates = blocking(status.gates);
  return (
    <s-stack gap="small">
      <s-paragraph>{t(`intro.${status.state}`)}</s-paragraph>
      {status.state === 'error' && status.message && <s-paragraph>{status.message}</s-paragraph>}
      {gates.length > 0 && <s-paragraph>{t('intro.blocked', {count: gates.length})}</s-paragraph>}
      {gates.map((gate) => (
        <s-paragraph key={gate.gate}>✗ {words(gate, t)}</s-paragraph>
      ))}
      {status.job && <s-paragraph>{t('job', {job: status.job})}</s-paragraph>}
    </s-stack>
  );
}

/** @param {Gate} gate @param {Translate} t */
function words({gate, message}, t) {
  const label = reasonWords(gate, t) ?? gate;
  return message ? `${label}: ${message}` : label;
}
