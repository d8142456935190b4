import { createHmac } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { InfrastructureReport } from '../../../contracts/reports/infrastructure.js';
import { byCodeUnit } from '../subject/order.js';

type Secret = InfrastructureReport['secrets'][number];

const largest = 1024 * 1024;

/**
 * Secrets in these files, by secretlint's recommended rules: rule, place, and HMAC-SHA-256 of the value under `key`,
 * by which the same value can be recognised again. The value itself, and messages that quote it, go nowhere.
 * Files that are binary or over 1 MiB are not read.
 */
export async function findSecrets(
  workspace: string,
  files: readonly string[],
  key: string,
): Promise<Secret[]> {
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const found: Secret[] = [];
  for (const file of files) {
    const content = textOf(join(workspace, file));
    if (content === null) continue;
    const { messages } = await lintSource({
      source: { content, filePath: `/${file}`, ext: extname(file), contentType: 'text' },
      options: { noPhysicFilePath: true, config: { rules: [{ id: 'recommended', rule: creator }] } },
    });
    for (const message of messages) {
      if (message.type !== 'message') continue;
      const value = content.slice(message.range[0], message.range[1]);
      found.push({
        rule: `${message.ruleId.replace('@secretlint/secretlint-rule-', '')}/${message.messageId}`,
        file,
        line: message.loc.start.line,
        keyedHash: createHmac('sha256', key).update(value).digest('hex'),
      });
    }
  }
  return found.sort(
    (a, b) =>
      byCodeUnit(a.file, b.file) ||
      a.line - b.line ||
      byCodeUnit(a.rule, b.rule) ||
      byCodeUnit(a.keyedHash, b.keyedHash),
  );
}

function textOf(path: string): string | null {
  if (statSync(path).size > largest) return null;
  const content = readFileSync(path);
  return content.includes(0) ? null : content.toString('utf8');
}
