import type { Message } from '../../../libs/contracts/message.js';
import type { Colors } from '../terminal.js';
import { duration } from './duration.js';
import { plain } from './plain.js';

/** A message as one line: when, of what kind, by whom, what, and what comes next. */
export function messageLine({ header, body, metadata }: Message, colors: Colors): string {
  const { item, summary, code } = body.content;
  const says = [code, summary].filter((part) => typeof part === 'string').join(': ');
  const took = metadata.execution_time === null ? '' : ` in ${duration(1000 * metadata.execution_time)}`;
  const kind = colorOf(body.message_type, colors)(body.message_type.padEnd(7));
  return `${colors.dim(header.timestamp)}  ${kind}  ${plain(`${item} by ${header.agent_id}${took}${says === '' ? '' : `: ${says}`}`)}  ${colors.dim(plain(body.next_action))}`;
}

function colorOf(type: Message['body']['message_type'], colors: Colors): (text: string) => string {
  switch (type) {
    case 'result':
      return colors.green;
    case 'error':
      return colors.red;
    case 'warning':
      return colors.yellow;
    case 'info':
      return colors.dim;
  }
}
