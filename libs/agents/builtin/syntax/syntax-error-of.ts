import ts from 'typescript';

/** The first syntax error of a script or module, as `LINE: sentence`; null where there is none. */
export function syntaxErrorOf(text: string, name: string): string | null {
  const { diagnostics } = ts.transpileModule(text, {
    fileName: name,
    reportDiagnostics: true,
    compilerOptions: {
      allowJs: true,
      jsx: ts.JsxEmit.Preserve,
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ESNext,
    },
  });
  const first = diagnostics?.find(({ category }) => category === ts.DiagnosticCategory.Error);
  if (first === undefined) return null;
  const line = first.file?.getLineAndCharacterOfPosition(first.start ?? 0).line ?? 0;
  return `${line + 1}: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')}`.slice(0, 200);
}
