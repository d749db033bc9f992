import {useState} from 'preact/hooks';

import {failing, gateLabel, passing, remedyOf, waysOf} from '../gates.js';

/** @import {Translate} from '../host.js' */
/** @import {Gate, OrderStatus} from '../values.js' */
/** @typedef {{add: () => void, send: () => void}} Deeds */

/** An icon beside words that may need several lines. */
const ICON_AND_WORDS = 'auto 1fr';

/**
 * What keeps the order, each with what mends it, then what is fine, folded.
 *
 * @param {{status: OrderStatus, id: string, deeds: Deeds, t: Translate}} props
 */
export function Gates({status, id, deeds, t}) {
  return (
    <s-stack gap="small">
      {failing(status).map((gate) => <Closed key={gate.gate} gate={gate} id={id} deeds={deeds} t={t} />)}
      <Passed gates={passing(status)} t={t} />
    </s-stack>
  );
}

/** @param {{gate: Gate, id: string, deeds: Deeds, t: Translate}} props */
function Closed({gate, id, deeds, t}) {
  return (
    <s-grid gridTemplateColumns={ICON_AND_WORDS} gap="small-200">
      <s-icon type="x-circle" tone="critical" />
      <s-paragraph>
        <s-text accessibilityVisibility="exclusive">{t('gates.failed')}</s-text>{' '}
        <s-text type="strong">{gateLabel(gate, t)}</s-text>
        {gate.message && <>. <s-text dir="auto">{gate.message}</s-text></>}{' '}
        <Mending gate={gate} id={id} deeds={deeds} t={t} />
        {waysOf(gate).map(({name, href}) => (
          <s-text key={name}>{' · '}<s-link href={href}>{t(`fix.${name}`)}</s-link></s-text>
        ))}
      </s-paragraph>
    </s-grid>
  );
}

/** @param {{gate: Gate, id: string, deeds: Deeds, t: Translate}} props */
function Mending({gate, id, deeds, t}) {
  const remedy = remedyOf(gate, id);
  if (!remedy) return null;
  const words = t(`fix.${remedy.name}`);
  if (remedy.deed) return <s-link onClick={deeds[remedy.deed]}>{words}</s-link>;
  return <s-link href={remedy.href ?? ''}>{words}</s-link>;
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
      {open && gates.map((gate) => <Open key={gate.gate} gate={gate} t={t} />)}
    </>
  );
}

/** @param {{gate: Gate, t: Translate}} props */
function Open({gate, t}) {
  return (
    <s-grid gridTemplateColumns={ICON_AND_WORDS} gap="small-200">
      <s-icon type="check-circle" tone="success" />
      <s-paragraph>
        <s-text accessibilityVisibility="exclusive">{t('gates.passed')}</s-text> {gateLabel(gate, t)}
        {gate.note && <> <s-text color="subdued">{gate.note}</s-text></>}
      </s-paragraph>
    </s-grid>
  );
}
