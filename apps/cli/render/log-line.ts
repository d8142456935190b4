import type { LogLine } from '../logs/read-run-log.js';
import type { Colors } from '../terminal.js';
import { plain } from './plain.js';

const shownApart = ['level', 'time', 'name', 'run', 'msg', 'pid', 'hostname'];

/** A line of a log: time, level, process, message, then the other fields as `name=value`. */
export function logLine(line: LogLine, colors: Colors): string {
  const fields = Object.entries(line)
    .filter(([name]) => !shownApart.includes(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const level = tint(line.level, colors)(line.level.padEnd(5));
  const text = [plain(line.msg), ...fields.map((field) => colors.dim(plain(field)))].join(' ');
  return `${line.time}  ${level}  ${plain(line.name).padEnd(14)}  ${text}`;
}

function tint(level: string, colors: Colors): (text: string) => string {
  if (level === 'error' || level === 'fatal') return colors.red;
  return level === 'warn' ? colors.yellow : colors.dim;
}
