import {useState} from 'preact/hooks';

import {failing, gateLabel, passing, remedyOf} from '../gates.js';

/** @import {Translate} from '../host.js' */
/** @import {Gate, OrderStatus} from '../values.js' */

/**
 * What keeps the order, each with what mends it, then what is fine, folded.
 *
 * @param {{status: OrderStatus, send: () => void, t: Translate}} props
 */
export function Gates({status, send, t}) {
  const closed = failing(status);
  return (
    <s-stack gap="small">
      {closed.map((gate) => <Closed key={gate.gate} gate={gate} send={send} t={t} />)}
      <Passed gates={passing(status)} t={t} />
    </s-stack>
  );
}

/** @param {{gate: Gate, send: () => void, t: Translate}} props */
function Closed({gate, send, t}) {
  return (
    <s-paragraph>
      <s-icon type="x-circle" tone="critical" />{' '}
      <s-text accessibilityVisibility="exclusive">{t('gates.failed')}</s-text>{' '}
      <s-text type="strong">{gateLabel(gate, t)}</s-text>
      {gate.message && <>{'. '}<s-text dir="auto">{gate.message}</s-text></>}{' '}
      <Mending gate={gate} send={send} t={t} />
    </s-paragraph>
  );
}

/** @param {{gate: Gate, send: () => void, t: Translate}} props */
function Mending({gate, send, t}) {
  const remedy = remedyOf(gate);
  if (!remedy) return null;
  if (remedy.address) return <s-link href={remedy.address}>{t(remedy.words)}</s-link>;
  return <s-link onClick={send}>{t(remedy.words)}</s-link>;
}

/** @param {{gates: Gate[], t: Translate}} props */
function Passed({gates, t}) {
  const [open, setOpen] = useState(false);
  if (gates.length === 0) return null;
  return (
    <>
      <s-box>
        <s-button
          variant="tertiary"
          icon={open ? 'chevron-up' : 'chevron-down'}
          onClick={() => setOpen(!open)}
        >
          {open ? t('gates.hide') : t('gates.show', {count: gates.length})}
        </s-button>
      </s-box>
      {open && gates.map((gate) => (
        <s-paragraph key={gate.gate}>
          <s-icon type="check-circle" tone="success" />{' '}
          <s-text accessibilityVisibility="exclusive">{t('gates.passed')}</s-text>{' '}
          {gateLabel(gate, t)}
        </s-paragraph>
      ))}
    </>
  );
}
