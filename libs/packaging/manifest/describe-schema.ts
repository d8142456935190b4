import { Message } from 'capnp-es';
import { CodeGeneratorRequest, type Field, Node, Type } from 'capnp-es/capnp/schema';
import { HeptadError } from '../../protocol/errors.js';

/** What of a compiled schema the bytes depend on. */
export interface SchemaDescription {
  /** Id of the file, 16 hexadecimal digits. */
  readonly file: string;
  /** Sorted by name. */
  readonly structs: readonly StructDescription[];
}

export interface StructDescription {
  /** With the structs that it is nested in: `PackageManifest.File`. */
  readonly name: string;
  readonly id: string;
  /** Words of values, and pointers. */
  readonly size: { readonly data: number; readonly pointers: number };
  /** Sorted by ordinal. */
  readonly fields: readonly FieldDescription[];
}

export interface FieldDescription {
  readonly name: string;
  readonly ordinal: number;
  /** In the section that the type belongs to: in multiples of the type's size, or of pointers. */
  readonly offset: number;
  /** As schemas write it, with structs by their ids: `List(a1c52859d1650499)`. */
  readonly type: string;
}

/**
 * Describes a schema of one file, of structs with plain fields.
 *
 * @param request what `capnp compile -o-` writes, which is what generators of code are given
 * @throws HeptadError `InputInvalid` it has what a description does not say: unions, groups, enums, interfaces,
 *   constants, annotations, generics, defaults of fields
 */
export function describeSchema(request: Uint8Array): SchemaDescription {
  const root = new Message(request, false).getRoot(CodeGeneratorRequest);
  const [file, another] = root.requestedFiles.map(({ id }) => id);
  if (file === undefined || another !== undefined) throw unknown('a number of files other than one');
  const structs = root.nodes.filter((node) => node.which() !== Node.FILE).map(describeStruct);
  return { file: idOf(file), structs: structs.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

function describeStruct(node: Node): StructDescription {
  const name = node.displayName.slice(node.displayName.indexOf(':') + 1);
  if (node.which() !== Node.STRUCT || node.isGeneric || node.struct.isGroup)
    throw unknown(`${name}, which is no plain struct`);
  const { dataWordCount, pointerCount, discriminantCount, fields } = node.struct;
  if (discriminantCount > 0) throw unknown(`${name}, which has a union`);
  return {
    name,
    id: idOf(node.id),
    size: { data: dataWordCount, pointers: pointerCount },
    fields: fields.map((field) => describeField(field, name)).sort((a, b) => a.ordinal - b.ordinal),
  };
}

function describeField(field: Field, struct: string): FieldDescription {
  const { name } = field;
  if (!field._isSlot || !field.ordinal._isExplicit || field.slot.hadExplicitDefault)
    throw unknown(`${struct}.${name}, which is no plain field`);
  return {
    name,
    ordinal: field.ordinal.explicit,
    offset: field.slot.offset,
    type: describeType(field.slot.type, `${struct}.${name}`),
  };
}

const plainTypes: ReadonlyMap<number, string> = new Map([
  [Type.VOID, 'Void'],
  [Type.BOOL, 'Bool'],
  [Type.INT8, 'Int8'],
  [Type.INT16, 'Int16'],
  [Type.INT32, 'Int32'],
  [Type.INT64, 'Int64'],
  [Type.UINT8, 'UInt8'],
  [Type.UINT16, 'UInt16'],
  [Type.UINT32, 'UInt32'],
  [Type.UINT64, 'UInt64'],
  [Type.FLOAT32, 'Float32'],
  [Type.FLOAT64, 'Float64'],
  [Type.TEXT, 'Text'],
  [Type.DATA, 'Data'],
]);

function describeType(type: Type, field: string): string {
  if (type._isList) return `List(${describeType(type.list.elementType, field)})`;
  if (type._isStruct) return idOf(type.struct.typeId);
  const name = plainTypes.get(type.which());
  if (name === undefined) throw unknown(`the type of ${field}`);
  return name;
}

const idOf = (id: bigint): string => id.toString(16).padStart(16, '0');

const unknown = (what: string): HeptadError =>
  new HeptadError('InputInvalid', `The schema cannot be described: it has ${what}.`);
