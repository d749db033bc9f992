import {useRef, useState} from 'preact/hooks';

import {CLOCK} from '../following.js';
import {apiOf, speaker} from '../host.js';
import {ready, send} from '../sending.js';
import {SendButtons} from './SendButtons.jsx';
import {Progress} from './Progress.jsx';

/** @import {Host} from '../host.js' */
/** @import {Request} from '../values.js' */

/**
 * "Send to WMS": says what will be sent, sends it, and tells what became of each order.
 *
 * @param {object} props
 * @param {Host} props.host
 * @param {Request[]} props.requests
 * @param {boolean} [props.unnamed]  Whether it is about the one order whose page it is on.
 * @param {boolean} [props.loading]  While the introduction is not known.
 * @param {import('preact').ComponentChildren} props.children  The introduction.
 */
export function SendAction({host, requests, unnamed = false, loading = false, children}) {
  const t = speaker(host);
  const [sending, setSending] = useState(() => ready(requests));
  const start = useLatest((report) => send(apiOf(host), sending, report, CLOCK), setSending);
  return (
    <s-admin-action heading={t('heading')} loading={loading}>
      <s-stack gap="base">
        {sending.phase === 'ready' && children}
        <s-box accessibilityRole="status">
          <Progress sending={sending} unnamed={unnamed} t={t} />
        </s-box>
      </s-stack>
      <SendButtons sending={sending} start={start} close={() => host.close()} t={t} />
    </s-admin-action>
  );
}

/**
 * A function that begins the work anew; what an earlier beginning still reports is ignored.
 *
 * @template Value
 * @param {(report: (value: Value) => void) => Promise<unknown>} work
 * @param {(value: Value) => void} report
 */
function useLatest(work, report) {
  const turn = useRef(0);
  return () => {
    const mine = ++turn.current;
    void work((value) => {
      if (mine === turn.current) report(value);
    });
  };
}
