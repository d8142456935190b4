/**
 * Input: one line of a log, a string. Output: its level, where it comes from if it says so, and its message with what varies
 * taken out, so that lines of one kind are the same. Times are not kept.
 */

const levels = [
  ['fatal', /^(?:fatal|crit|critical|emerg|emergency|alert|panic)$/],
  ['error', /^(?:error|err|severe)$/],
  ['warn', /^(?:warn|warning)$/],
  ['info', /^(?:info|notice|log)$/],
  ['debug', /^(?:debug|fine)$/],
  ['trace', /^(?:trace|finer|finest|verbose)$/],
];

const time = /^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?\s*/;
const shortTime = /^\[?(?:[A-Z][a-z]{2} [ \d]\d )?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?\s*/;
const levelWord = /^[[(<]?([A-Za-z]{3,9})[\])>]?(?::|\s|$)[\s:|-]*/;
const origin = /^[[(]?([A-Za-z_][\w.$/-]{0,79}(?:\[\d{1,10}\])?)[\])]?:\s+/;

const variable = [
  ['<id>', /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi],
  ['<address>', /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g],
  ['<url>', /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>]+/gi],
  ['<text>', /"[^"]*"|'[^']*'/g],
  ['<path>', /(?<![\w<])(?:\/[\w.@-]+){2,}\/?/g],
  ['<hex>', /\b(?:0x[0-9a-f]+|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,64})\b/gi],
  ['<number>', /(?<![\w<])-?\d+(?:\.\d+)?(?=\D|$)/g],
];

// biome-ignore lint/correctness/noUnusedVariables: it is called by its name
function agent(line) {
  if (typeof line !== 'string') throw new TypeError('a line is a string');
  let rest = line.slice(0, 8192).trim().replace(time, '').replace(shortTime, '');
  let level = 'unknown';
  const word = levelWord.exec(rest);
  const found = word && levels.find(([, pattern]) => pattern.test(word[1].toLowerCase()));
  if (found) {
    level = found[0];
    rest = rest.slice(word[0].length);
  }
  const from = origin.exec(rest);
  if (from) rest = rest.slice(from[0].length);
  let template = rest;
  for (const [name, pattern] of variable) template = template.replace(pattern, name);
  return {
    level,
    source: from ? from[1].replace(/\[\d+\]$/, '') : null,
    template: template.replace(/\s+/g, ' ').slice(0, 500),
    variables: (template.match(/<(?:id|address|url|text|path|hex|number)>/g) ?? []).length,
  };
}
