import { join } from 'node:path';
import ts from 'typescript';
import { byCodeUnit } from '../subject/order.js';

/**
 * The names that these files export, of ES modules and of CommonJS (`exports.a =`, `module.exports = { a }`, what is
 * required and handed on), without running them, and without types. Sorted by code unit, once each, without `default` and without those
 * that begin with `_`, which by custom are nobody's business.
 *
 * @param files relative to the folder
 */
export function exportedNames(folder: string, files: readonly string[]): string[] {
  const paths = files.map((file) => join(folder, file));
  const program = ts.createProgram(paths, {
    allowJs: true,
    checkJs: false,
    noLib: true,
    noEmit: true,
    types: [],
    maxNodeModuleJsDepth: 0,
    jsx: ts.JsxEmit.Preserve,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  });
  const checker = program.getTypeChecker();
  const names = paths.flatMap((path) => {
    const source = program.getSourceFile(path);
    const symbol = source && checker.getSymbolAtLocation(source);
    if (symbol === undefined) return [];
    return [...checker.getExportsOfModule(symbol), ...handedOn(checker, symbol)]
      .filter((one) => isValue(checker, one))
      .map(({ name }) => name);
  });
  return [...new Set(names)]
    .filter(
      (name) => name !== 'default' && name !== 'export=' && name !== 'prototype' && !name.startsWith('_'),
    )
    .sort(byCodeUnit);
}

/** Properties of the value that a module of CommonJS exports as a whole. */
function handedOn(checker: ts.TypeChecker, module: ts.Symbol): readonly ts.Symbol[] {
  const whole = module.exports?.get(ts.InternalSymbolName.ExportEquals);
  if (whole === undefined) return [];
  const value = whole.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(whole) : whole;
  return checker.getPropertiesOfType(checker.getTypeOfSymbol(value));
}

/** A type is no value; of a name that is handed on from elsewhere, what it stands for decides. */
function isValue(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  if ((symbol.flags & ts.SymbolFlags.Alias) === 0) return (symbol.flags & ts.SymbolFlags.Value) !== 0;
  const meant = checker.getAliasedSymbol(symbol);
  // What cannot be found, such as a package that is not installed, may well be a value.
  return meant.declarations === undefined || (meant.flags & ts.SymbolFlags.Value) !== 0;
}
