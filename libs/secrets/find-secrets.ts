import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

/** What looks like a secret: the rule and the line (1-based). The value goes nowhere. */
export interface SecretPlace {
  readonly rule: string;
  readonly line: number;
  /** The text that looks like it, for comparison only: never to be stored, logged or shown. */
  readonly value: string;
}

/**
 * Places in a text that look like secrets, by secretlint's recommended rules, in their order.
 *
 * @param name the file's name without folders; some rules look at it
 */
export async function findSecrets(text: string, name: string): Promise<SecretPlace[]> {
  const extension = /\.[^.]*$/.exec(name)?.[0] ?? '';
  const { messages } = await lintSource({
    source: { content: text, filePath: `/${name}`, ext: extension, contentType: 'text' },
    options: { noPhysicFilePath: true, config: { rules: [{ id: 'recommended', rule: creator }] } },
  });
  return messages.flatMap((message) =>
    message.type === 'message'
      ? {
          rule: `${message.ruleId.replace('@secretlint/secretlint-rule-', '')}/${message.messageId}`,
          line: message.loc.start.line,
          value: text.slice(...message.range),
        }
      : [],
  );
}
