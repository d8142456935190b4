import { createHash } from 'node:crypto';

// This file imports packages only, so that a thread can load it.

/** Where this file is, for a thread. */
export const module = import.meta.url;

/** Inputs of a segment, cut into chunks. */
export interface SegmentInputs {
  readonly count: number;
  /** Inputs in each chunk but the last. */
  readonly chunk: number;
  /** SHA-256 over all of them in order, hexadecimal. */
  readonly digest: string;
  /** A JSON array for each chunk. */
  readonly chunks: readonly string[];
}

/** A list in a JSON document, and how it is cut. */
export interface Cut {
  /** The document. */
  readonly bytes: Uint8Array;
  /** Names of the members that lead to the list, from the outside. */
  readonly path: readonly string[];
  readonly chunk: number;
}

/** @returns the inputs, or undefined where there is no such list */
export function cutInputs({ bytes, path, chunk }: Cut): SegmentInputs | undefined {
  let list: unknown = JSON.parse(new TextDecoder().decode(bytes));
  for (const name of path) {
    if (typeof list !== 'object' || list === null || !Object.hasOwn(list, name)) return undefined;
    list = (list as Readonly<Record<string, unknown>>)[name];
  }
  return Array.isArray(list) ? inChunks(list, chunk) : undefined;
}

/** Cuts a list into chunks, each of them as JSON. */
export function inChunks(list: readonly unknown[], chunk: number): SegmentInputs {
  const digest = createHash('sha256');
  const chunks: string[] = [];
  for (let first = 0; first < list.length; first += chunk) {
    const text = JSON.stringify(list.slice(first, first + chunk));
    digest.update(`${text}\n`);
    chunks.push(text);
  }
  return { count: list.length, chunk, digest: digest.digest('hex'), chunks };
}
