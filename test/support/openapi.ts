import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

interface MediaType {
  readonly schema?: object;
}
interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, MediaType>> }>>;
}
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const base = 'heptad:openapi';

/** Holds what a service answers against its OpenAPI document. */
export class Contract {
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });

  constructor(readonly document: OpenApiDocument) {
    this.#ajv.addSchema({ $id: base, components: document.components });
  }

  /** The route of the document that a request meets, such as `GET /v1/runs/{id}`; undefined where it meets none. */
  routeOf(method: string, path: string): string | undefined {
    const route = Object.keys(this.document.paths).find((pattern) =>
      new RegExp(`^${pattern.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
    );
    return route && this.document.paths[route]?.[method.toLowerCase()] ? `${method} ${route}` : undefined;
  }

  /** Fails where the document does not know such an answer of such a route. */
  check(route: string, status: number, contentType: string | null, body: unknown): void {
    const [method = '', path = ''] = route.split(' ');
    const response = this.document.paths[path]?.[method.toLowerCase()]?.responses[status];
    expect(response, `${route} is documented to answer ${status}`).toBeDefined();
    if (!response?.content) return;
    const type = contentType?.split(';')[0] ?? '';
    const media = response.content[type];
    expect(media, `${route} is documented to answer ${status} with ${type}`).toBeDefined();
    if (!media?.schema || !type.endsWith('json')) return;
    // References are relative to the document, so the schema is compiled as a part of it.
    const schema = JSON.parse(
      JSON.stringify(media.schema).replaceAll('"#/components', `"${base}#/components`),
    );
    const valid = this.#ajv.validate(schema, body);
    expect(this.#ajv.errorsText(), `${route} ${status} ${JSON.stringify(body)}`).toBe('No errors');
    expect(valid).toBe(true);
  }
}
