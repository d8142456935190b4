import type { Address } from './addresses.js';
import type { Place, Service, Unread } from './description.js';

/** Something that a service says it uses, before it is known whether there is such a thing. */
export type Use = { readonly from: string; readonly place: Place } & (
  | { readonly by: 'depends_on' | 'links'; readonly name: string }
  | { readonly by: 'address'; readonly address: Address }
);

/** What one file of an infrastructure contributes. */
export interface Part {
  readonly services: readonly Service[];
  readonly uses: readonly Use[];
  /** Names under which a service is reached beside its own. */
  readonly hosts: readonly { readonly host: string; readonly service: string }[];
  readonly unread: readonly Unread[];
}
