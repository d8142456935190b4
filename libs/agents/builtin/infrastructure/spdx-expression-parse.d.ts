declare module 'spdx-expression-parse' {
  /** Parses an SPDX licence expression; throws an Error where it is none. */
  export default function parse(expression: string): unknown;
}
