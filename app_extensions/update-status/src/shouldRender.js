/** Whether the order page offers "Update sync status": only while the order is syncing. */

import {apiOf} from '../../shared/host.js';

/** The menu waits for this answer, so it waits no longer than this many milliseconds. */
const PATIENCE = 3_000;

export default async () => {
  const id = shopify.data.selected[0]?.id;
  if (!id) return {display: false};
  try {
    const {state} = await apiOf(shopify).orderStatus(id, PATIENCE);
    return {display: state === 'syncing'};
  } catch {
    return {display: false};
  }
};
