import {foundNothing, ordersLeft} from '../sending.js';
import {Summary} from './Summary.jsx';
import {Trouble} from './Trouble.jsx';

/** @import {Translate} from '../host.js' */
/** @import {Sending} from '../sending.js' */

/**
 * Where a send is, in words.
 *
 * @param {object} props
 * @param {Sending} props.sending
 * @param {boolean} props.unnamed  Whether it is told on the order's own page.
 * @param {Translate} props.t
 */
export function Progress({sending, unnamed, t}) {
  if (sending.phase === 'ready') return null;
  if (foundNothing(sending)) return <s-paragraph>{t('nothing')}</s-paragraph>;
  const words = headline(sending, t);
  return (
    <s-stack gap="small">
      {words && <s-paragraph>{words}</s-paragraph>}
      {sending.failure && <Trouble failure={sending.failure} more={remains(sending, t)} t={t} />}
      {sending.blind && <Trouble failure={sending.blind} more={t('blind')} t={t} />}
      <Summary items={told(sending)} unnamed={unnamed} t={t} />
    </s-stack>
  );
}

/** The orders to tell of: all at the end, before that only those turned away. @param {Sending} sending */
function told({phase, skipped, items}) {
  return phase === 'finished' ? [...skipped, ...items] : skipped;
}

/** @param {Sending} sending @param {Translate} t */
function headline(sending, t) {
  if (sending.phase === 'posting') return queueing(sending, t);
  if (sending.phase === 'following') return `${counted(sending, t)} ${outlook(sending, t)}`;
  return sending.blind && counted(sending, t);
}

/** What comes of it without a person. @param {Sending} sending @param {Translate} t */
function outlook({paused}, t) {
  return paused ? t('progress.paused', {why: paused}) : t('progress.close');
}

/** @param {Sending} sending @param {Translate} t */
function counted({done, total}, t) {
  return done < total ? t('progress.sent', {done, total}) : t('progress.waiting');
}

/** @param {Sending} sending @param {Translate} t */
function queueing(sending, t) {
  const done = sending.queued + sending.skipped.length;
  if (done + ordersLeft(sending) === 0) return t('progress.asking');
  return t('progress.queued', {done, total: done + ordersLeft(sending)});
}

/** @param {Sending} sending @param {Translate} t */
function remains(sending, t) {
  const count = ordersLeft(sending);
  return count > 0 && sending.runs.length > 0 ? t('remains', {count}) : null;
}
