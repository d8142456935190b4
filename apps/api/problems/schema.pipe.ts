import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { refusedBySchema } from './refused-by-schema.js';

/** Validates what a route takes by the schema that it names there, and tells every place where it is wrong. */
export class SchemaPipe extends StandardSchemaValidationPipe {
  override async transform<T = unknown>(value: T, { schema, data }: ArgumentMetadata): Promise<T> {
    if (!schema) return value;
    this.stripProtoKeys(value);
    const result = await this.validate<T>(value, schema);
    // The one parameter that was taken is the place; a body or a whole query names its own.
    if (result.issues) throw refusedBySchema(result.issues, data === undefined ? [] : [data]);
    return result.value;
  }
}
