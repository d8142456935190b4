import { problemSchema } from '../../../libs/contracts/problem.js';
import { HeptadError } from '../../../libs/protocol/errors.js';

/** The error that a response tells by its problem document; one that has none is not of the service. */
export async function errorOfResponse(response: Response, address: string): Promise<HeptadError> {
  const parsed = problemSchema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success)
    return new HeptadError(
      'ApiUnreachable',
      `What answers at ${address} is not this version of the Heptad service: HTTP ${response.status}, and no problem ` +
        'document that is understood. Start the service with `npm start`, or name another address with --server URL.',
    );
  const { code, detail, problems } = parsed.data;
  const advice = code === 'Unauthorized' ? ' The command sends the one in HEPTAD_API_TOKEN.' : '';
  return new HeptadError(code, `${detail}${advice}`, { problems });
}
