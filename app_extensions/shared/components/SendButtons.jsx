import {foundNothing, ordersLeft} from '../sending.js';

/** @import {Translate} from '../host.js' */
/** @import {Sending} from '../sending.js' */

/**
 * The buttons under a send: one that goes on while there is something to go on with, one to leave;
 * not while a request is on its way, which would end with the window, heard or not.
 *
 * @param {{sending: Sending, start: () => void, close: () => void, t: Translate}} props
 */
export function SendButtons({sending, start, close, t}) {
  const next = nextStep(sending, t);
  return (
    <>
      {next && (
        <s-button slot="primary-action" variant="primary" loading={sending.phase === 'posting'} onClick={start}>
          {next}
        </s-button>
      )}
      <s-button
        slot={next ? 'secondary-actions' : 'primary-action'}
        variant={next ? 'secondary' : 'primary'}
        disabled={sending.phase === 'posting'}
        onClick={close}
      >
        {t(leaveKey(sending, next !== null))}
      </s-button>
    </>
  );
}

/** What the main button does next, in words; null when nothing is left to do. @param {Sending} sending @param {Translate} t */
function nextStep(sending, t) {
  if (foundNothing(sending)) return null;
  if (sending.left.length > 0) return sendWords(sending, t);
  return sending.blind && sending.phase === 'finished' ? t('action.again') : null;
}

/** @param {Sending} sending @param {Translate} t */
function sendWords(sending, t) {
  const others = sending.phase !== 'posting' && sending.runs.length > 0;
  return others ? t('action.others', {count: ordersLeft(sending)}) : t('action.send');
}

/** @param {Sending} sending @param {boolean} unfinished */
function leaveKey({phase}, unfinished) {
  if (phase === 'ready') return 'action.cancel';
  return phase === 'finished' && !unfinished ? 'action.done' : 'action.close';
}
