/** Whether an object in valid JSON names a member twice. */
export function duplicateInJson(json: string): boolean {
  const open: Set<string>[] = [];
  for (const [token, name] of json.matchAll(
    /"([^"\\]*(?:\\.[^"\\]*)*)"\s*:|"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/g,
  )) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (name !== undefined) {
      const members = open.at(-1);
      const member: unknown = name.includes('\\') ? JSON.parse(`"${name}"`) : name;
      if (members?.has(String(member))) return true;
      members?.add(String(member));
    }
  }
  return false;
}
