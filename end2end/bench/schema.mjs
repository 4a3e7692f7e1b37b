// KRT v2 as far as JSON Schema can say it: keys, types, patterns, lengths. Names that must exist, loops, clashes of names
// and the places of problems are beyond it, so that the comparison favours the peer.

const name = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 19 }
const image = {
  type: 'string',
  pattern: '^([a-zA-Z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\\w][\\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$',
}
const path = { type: 'string', minLength: 1, maxLength: 4000, pattern: '^(?!/)(?!.*(^|/)\\.\\.(/|$)).+[^/]$' }

const node = {
  type: 'object',
  required: ['name', 'image', 'src', 'subscriptions'],
  additionalProperties: false,
  properties: {
    name,
    image,
    src: path,
    gpu: { type: 'boolean' },
    replicas: { type: 'integer', minimum: 0, maximum: 2147483647 },
    subscriptions: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', pattern: '^[a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)?$' },
    },
    objectStore: {
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: { name, scope: { enum: ['workflow', 'project'] } },
    },
  },
}

export const schema = {
  type: 'object',
  required: ['krtVersion', 'version', 'description', 'entrypoint', 'workflows'],
  additionalProperties: false,
  properties: {
    krtVersion: { const: 'v2' },
    version: { allOf: [name, { not: { enum: ['active-entrypoint', 'fluent-bit'] } }] },
    description: { type: 'string', minLength: 1 },
    entrypoint: {
      type: 'object',
      required: ['proto', 'image'],
      additionalProperties: false,
      properties: { proto: { allOf: [path, { type: 'string', pattern: '\\.proto$' }] }, image },
    },
    config: {
      type: 'object',
      additionalProperties: false,
      properties: {
        variables: {
          type: 'array',
          uniqueItems: true,
          items: { type: 'string', pattern: '^[A-Z0-9]([_A-Z0-9]*[A-Z0-9])?$', maxLength: 253 },
        },
        files: { type: 'array', uniqueItems: true, items: { type: 'string', pattern: '^[-._a-zA-Z0-9]+$', maxLength: 253 } },
      },
    },
    workflows: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['name', 'entrypoint', 'exitpoint', 'nodes'],
        additionalProperties: false,
        properties: {
          name,
          entrypoint: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
          exitpoint: name,
          nodes: { type: 'array', minItems: 1, items: node },
        },
      },
    },
  },
}
