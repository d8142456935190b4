import type { Signature } from '../../contracts/signature.js';
import { type ExpectedSignature, Trust } from '../../crypto/trust.js';

/**
 * Checks the signatures of the genuine documents once: each is frozen, and hundreds of forgeries are judged beside
 * them.
 */
export class RememberingTrust extends Trust {
  readonly #known = new WeakMap<object, Map<string, string[]>>();

  override problemsOf(document: { readonly signature: Signature }, expected: ExpectedSignature): string[] {
    if (!Object.isFrozen(document)) return super.problemsOf(document, expected);
    const known = this.#known.get(document) ?? new Map<string, string[]>();
    const what = `${expected.type} ${expected.identity}`;
    const problems = known.get(what) ?? super.problemsOf(document, expected);
    this.#known.set(document, known.set(what, problems));
    return [...problems];
  }
}
