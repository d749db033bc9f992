/** The one error that leaves the API client: why Tagdock did not answer as hoped. */

/** @typedef {'expired' | 'unreachable' | 'refused' | 'missing'} FailureKind */

export class Failure extends Error {
  /**
   * @param {FailureKind} kind  `expired`: the session is over; `unreachable`: no usable answer;
   *   `refused`: Tagdock said no, and `sentence` says why; `missing`: it knows no such thing, and
   *   `sentence` says so.
   * @param {string | null} [sentence]
   */
  constructor(kind, sentence = null) {
    super(sentence ?? kind);
    this.kind = kind;
    this.sentence = sentence;
  }
}

/**
 * The failure that an answer other than 2xx stands for.
 *
 * @param {number} status
 * @param {unknown} body  The parsed JSON, or null when there was none.
 */
export function failureFor(status, body) {
  if (status === 401) return new Failure('expired');
  const sentence = sentenceIn(body);
  if (!sentence) return new Failure('unreachable');
  return new Failure(status === 404 ? 'missing' : 'refused', sentence);
}

/**
 * Any thrown value as a failure.
 *
 * @param {unknown} thrown
 */
export function asFailure(thrown) {
  return thrown instanceof Failure ? thrown : new Failure('unreachable');
}

/** @param {unknown} body */
function sentenceIn(body) {
  const error = /** @type {{error?: unknown} | null} */ (body)?.error;
  return typeof error === 'string' && error.trim() ? error : null;
}
