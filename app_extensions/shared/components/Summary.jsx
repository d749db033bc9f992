import {reasonWords} from '../reasons.js';
import {MOST_CAUSES, summarise} from '../summary.js';
import {More} from './More.jsx';

/** @import {Translate} from '../host.js' */
/** @import {Cause, Sum} from '../summary.js' */
/** @import {Item} from '../values.js' */

/**
 * What became of the orders, outcome by outcome. Waiting and skipped orders are counted by reason;
 * failures are told one by one in the warehouse's words; so is a single order, whatever its
 * outcome. An order goes unnamed on its own page.
 *
 * @param {{items: Item[], unnamed: boolean, t: Translate}} props
 */
export function Summary({items, unnamed, t}) {
  const sums = summarise(items);
  const single = sums.length === 1 && sums[0]?.count === 1;
  return (
    <>
      {sums.map((sum) => {
        const Outcome = single || sum.outcome === 'failed' ? Told : Counted;
        return <Outcome key={sum.outcome} sum={sum} unnamed={unnamed && single} t={t} />;
      })}
    </>
  );
}

/** "Skipped 3: Not paid 2 (#1001, #1002), Too old 1 (#1003)." @param {{sum: Sum, t: Translate}} props */
function Counted({sum, t}) {
  return (
    <s-paragraph>
      <Heading sum={sum} t={t} />
      {sum.causes.map((cause, index) => (
        <CountedCause key={index} cause={cause} before={index === 0 ? ': ' : ', '} t={t} />
      ))}
      .
    </s-paragraph>
  );
}

/** @param {{cause: Cause, before: string, t: Translate}} props */
function CountedCause({cause, before, t}) {
  return (
    <>
      {before}
      {label(cause, t)} {cause.count} (<Names cause={cause} t={t} />)
    </>
  );
}

/** "Failed 2." and a line for each reason. @param {{sum: Sum, unnamed: boolean, t: Translate}} props */
function Told({sum, unnamed, t}) {
  const tone = sum.outcome === 'failed' ? 'critical' : undefined;
  const shown = sum.causes.slice(0, MOST_CAUSES);
  return (
    <s-stack gap="small-300">
      <s-paragraph tone={tone}>
        <Heading sum={sum} t={t} />.
      </s-paragraph>
      {shown.map((cause, index) => (
        <s-paragraph key={index}>
          {cause.message ?? label(cause, t)}
          {!unnamed && <> (<Names cause={cause} t={t} />)</>}
        </s-paragraph>
      ))}
      {shown.length < sum.causes.length && <s-paragraph><Others sum={sum} t={t} /></s-paragraph>}
    </s-stack>
  );
}

/** @param {{sum: Sum, t: Translate}} props */
function Heading({sum, t}) {
  return <s-text type="strong">{t(`outcome.${sum.outcome}`, {count: sum.count})}</s-text>;
}

/** @param {{cause: Cause, t: Translate}} props */
function Names({cause, t}) {
  return (
    <>
      {cause.names.join(', ')}
      {cause.more > 0 && <> <More count={cause.more} reason={cause.reason} t={t} /></>}
    </>
  );
}

/** The orders whose reasons are not shown. @param {{sum: Sum, t: Translate}} props */
function Others({sum, t}) {
  const hidden = sum.causes.slice(MOST_CAUSES);
  return <More count={hidden.reduce((count, cause) => count + cause.count, 0)} reason={null} t={t} />;
}

/** A few words that a number may follow. @param {Cause} cause @param {Translate} t */
function label({reason, message}, t) {
  return reasonWords(reason, t) ?? message?.replace(/\.$/, '') ?? reason ?? t('noReason');
}
