import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import type { Config } from '../../../libs/config/config.js';
import { searchAttributes } from '../../../libs/protocol/search-attributes.js';
import { untilAnswered, withEngine } from './answers.js';

/** How long the engine keeps closed runs; by default a development namespace keeps them for one day. */
const retention = '30 days';

/**
 * Makes the namespace where it is missing, once the engine answers.
 *
 * @throws the last answer of the engine where the signal fires before
 */
export function createNamespace(config: Config, signal: AbortSignal): Promise<void> {
  const { namespace } = config.temporal;
  return untilAnswered(
    () =>
      withEngine(config, async ({ workflowService }) => {
        const { namespaces } = await workflowService.listNamespaces({ pageSize: 1000 });
        const found = namespaces.some(({ namespaceInfo }) => namespaceInfo?.name === namespace);
        if (!found)
          await workflowService.registerNamespace({
            namespace,
            workflowExecutionRetentionPeriod: msToTs(retention),
          });
        return true;
      }),
    signal,
  );
}

/**
 * Makes the namespace ready for Heptad: search attributes registered, and locally the retention set. What is so
 * already is left alone.
 */
export async function prepareNamespace(config: Config): Promise<void> {
  const { namespace } = config.temporal;
  await withEngine(config, async ({ workflowService, operatorService }) => {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const absent = Object.entries(searchAttributes).filter(([name]) => !(name in (customAttributes ?? {})));
    if (absent.length > 0)
      await operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(
          absent.map(([name, type]) => [
            name,
            proto.temporal.api.enums.v1.IndexedValueType[`INDEXED_VALUE_TYPE_${type}`],
          ]),
        ),
      });
    // Another engine's retention is its operator's.
    if (config.temporal.external) return;
    const wanted = msToTs(retention);
    const described = await workflowService.describeNamespace({ namespace });
    if (String(described.config?.workflowExecutionRetentionTtl?.seconds) === String(wanted.seconds)) return;
    await workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: wanted } });
  });
}
