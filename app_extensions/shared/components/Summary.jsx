import {GATES} from '../reasons.js';
import {summarise} from '../summary.js';

/** @import {Translate} from '../host.js' */
/** @import {Cause, Sum} from '../summary.js' */
/** @import {Item} from '../values.js' */

/**
 * What became of the orders: a line for each outcome, with its reasons. A single order is told by
 * the sentence that Tagdock gave for it.
 *
 * @param {{items: Item[], t: Translate}} props
 */
export function Summary({items, t}) {
  const sums = summarise(items);
  const single = sums.length === 1 && sums[0]?.count === 1;
  return (
    <>
      {sums.map((sum) => (
        <s-paragraph key={sum.outcome} tone={sum.outcome === 'failed' ? 'critical' : undefined}>
          <s-text type="strong">{t(`outcome.${sum.outcome}`, {count: sum.count})}</s-text>
          {single ? <Alone sum={sum} t={t} /> : <Causes sum={sum} t={t} />}
        </s-paragraph>
      ))}
    </>
  );
}

/** @param {{sum: Sum, t: Translate}} props */
function Alone({sum, t}) {
  const cause = sum.causes[0];
  if (!cause) return <>.</>;
  return <>: {cause.message ?? reasonOf(cause, t)}</>;
}

/** @param {{sum: Sum, t: Translate}} props */
function Causes({sum, t}) {
  if (sum.causes.length === 0) return <>.</>;
  return (
    <>
      {': '}
      {sum.causes.map((cause, index) => (
        <CauseText key={index} cause={cause} failed={sum.outcome === 'failed'} first={index === 0} t={t} />
      ))}
      .
    </>
  );
}

/** @param {{cause: Cause, failed: boolean, first: boolean, t: Translate}} props */
function CauseText({cause, failed, first, t}) {
  const words = failed ? (cause.message ?? reasonOf(cause, t)) : reasonOf(cause, t);
  return (
    <>
      {first ? '' : ', '}
      {withoutFullStop(words)} {cause.count} ({cause.names.join(', ')}
      {cause.more > 0 && <More count={cause.more} t={t} />})
    </>
  );
}

/** @param {{count: number, t: Translate}} props */
function More({count, t}) {
  return (
    <>
      {' '}
      <s-link href="app:orders">{t('more', {count})}</s-link>
    </>
  );
}

/** @param {Cause} cause @param {Translate} t */
function reasonOf({reason, message}, t) {
  if (reason && GATES.includes(reason)) return t(`gate.${reason}`);
  return message ?? reason ?? t('noReason');
}

/** A sentence goes before a count. @param {string} words */
function withoutFullStop(words) {
  return words.replace(/\.$/, '');
}
