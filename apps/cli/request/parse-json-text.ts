import { HeptadError } from '../../../libs/protocol/errors.js';

/**
 * The value of a JSON text. A byte order mark before it does not matter.
 *
 * @param source what the text is called in the error, such as the name of its file
 * @throws HeptadError `JsonInvalid` with line and column, both from 1
 */
export async function parseJsonText(text: string, source: string): Promise<unknown> {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch (error) {
    const { line, column, reason } = await locate(json, error);
    throw new HeptadError('JsonInvalid', 'The input is not valid JSON.', {
      problems: [{ path: `${source}:${line}:${column}`, reason }],
    });
  }
}

// The runtime tells the place of some mistakes only. The parser of esbuild tells it of every one.
async function locate(
  json: string,
  error: unknown,
): Promise<{ line: number; column: number; reason: string }> {
  const { transform } = await import('esbuild');
  const failure: unknown = await transform(json, { loader: 'json', logLevel: 'silent' }).catch(
    (cause: unknown) => cause,
  );
  const [first] = isFailure(failure) ? failure.errors : [];
  const reason = first?.text ?? (error instanceof Error ? error.message : String(error));
  return {
    line: first?.location?.line ?? 1,
    column: (first?.location?.column ?? 0) + 1,
    reason: `${reason}.`,
  };
}

interface Failure {
  readonly errors: readonly { text: string; location: { line: number; column: number } | null }[];
}

const isFailure = (value: unknown): value is Failure => value instanceof Error && 'errors' in value;
