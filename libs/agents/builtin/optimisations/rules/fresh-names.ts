import type { SourceCode } from 'eslint';

/** Gives names that a file does not use, neither as variables nor as anything else. */
export function freshNames(code: SourceCode): (wanted: string) => string {
  const taken = new Set(code.ast.tokens.map(({ value }) => value));
  return (wanted) => {
    let name = wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted}${count}`;
    taken.add(name);
    return name;
  };
}
