import { execFileSync } from 'node:child_process';

/**
 * Compiles what an evidence pack writes of OCSF into one JSON Schema:
 *
 *   node test/evidence/compile-ocsf.ts <git directory of ocsf/ocsf-schema> refs/heads/v1.6.0 > test/evidence/ocsf-1.6.0.json
 *
 * Inheritance, profiles, enums and the types of the dictionary are followed as OCSF's own server does. Objects that a
 * pack never writes are left as objects of anything, so that the file stays small.
 */
const [git = '', ref = ''] = process.argv.slice(2);

interface Attribute {
  readonly requirement?: string;
  readonly enum?: Readonly<Record<string, unknown>>;
  readonly type?: string;
  readonly is_array?: boolean;
  readonly profile?: string | null;
}
interface Definition {
  readonly name?: string;
  readonly extends?: string;
  readonly uid?: number;
  readonly category?: string;
  readonly attributes: Readonly<Record<string, Attribute | readonly string[]>>;
  readonly constraints?: Readonly<Record<string, readonly string[]>>;
}
interface TypeOf {
  readonly type?: string;
  readonly regex?: string;
  readonly range?: readonly number[];
  readonly max_len?: number;
  readonly values?: readonly unknown[];
}

const show = (path: string): unknown =>
  JSON.parse(execFileSync('git', [`--git-dir=${git}`, 'show', `${ref}:${path}`], { encoding: 'utf8' }));
const read = (path: string): Definition & { meta?: string } => show(path) as Definition & { meta?: string };

const { attributes: dictionary, types } = show('dictionary.json') as {
  attributes: Record<string, Attribute>;
  types: { attributes: Record<string, TypeOf> };
};
const { attributes: categories } = show('categories.json') as { attributes: Record<string, { uid: number }> };
const { version } = show('version.json') as { version: string };

/** Where each is, and the profiles that a pack applies to it. */
const CLASSES: Readonly<Record<string, readonly [path: string, ...profiles: string[]]>> = {
  api_activity: ['events/application/api_activity.json', 'security_control'],
  datastore_activity: ['events/application/datastore_activity.json', 'security_control'],
  authorize_session: ['events/iam/authorize_session.json'],
  authentication: ['events/iam/authentication.json'],
  entity_management: ['events/iam/entity_management.json'],
  detection_finding: ['events/findings/detection_finding.json', 'security_control'],
};
const PARENTS: Readonly<Record<string, string>> = {
  base_event: 'events/base_event.json',
  application: 'events/application/application.json',
  iam: 'events/iam/iam.json',
  finding: 'events/findings/finding.json',
};
/** The objects that a pack writes. */
const OBJECTS = new Set([
  'actor',
  'api',
  'database',
  'finding_info',
  'group',
  'managed_entity',
  'metadata',
  'network_endpoint',
  'policy',
  'product',
  'query_info',
  'request',
  'resource_details',
  'service',
  'session',
  'user',
]);

function merged(definition: Definition, profiles: readonly string[], of: 'event' | 'object'): Definition {
  const above = definition.extends;
  const parentPath =
    above === undefined ? undefined : of === 'event' ? PARENTS[above] : `objects/${above}.json`;
  const parent: Definition =
    parentPath === undefined ? { attributes: {} } : merged(read(parentPath), profiles, of);
  const attributes: Record<string, Attribute> = { ...(parent.attributes as Record<string, Attribute>) };
  const take = (more: Definition['attributes']): void => {
    for (const [name, attribute] of Object.entries(more)) {
      if (name === '$include') {
        for (const path of attribute as readonly string[]) {
          const { meta, name: profile = '', attributes: own } = read(path);
          if (meta !== 'profile' || profiles.includes(profile)) take(own);
        }
        continue;
      }
      const { profile, ...plain } = attribute as Attribute;
      if (typeof profile === 'string' && !profiles.includes(profile)) continue;
      const enums = { ...attributes[name]?.enum, ...plain.enum };
      attributes[name] = {
        ...attributes[name],
        ...plain,
        ...(Object.keys(enums).length === 0 ? {} : { enum: enums }),
      };
    }
  };
  take(definition.attributes);
  return { ...parent, ...definition, attributes };
}

function schemaOf({ attributes, constraints = {} }: Definition): object {
  const names = Object.keys(attributes).filter((name) => name !== '$include');
  const at = (name: string): Attribute => attributes[name] as Attribute;
  return {
    type: 'object',
    additionalProperties: false,
    required: names.filter((name) => at(name).requirement === 'required').toSorted(),
    properties: Object.fromEntries(names.toSorted().map((name) => [name, valueOf(name, at(name))])),
    ...(constraints['at_least_one'] === undefined
      ? {}
      : { anyOf: constraints['at_least_one'].map((name) => ({ required: [name] })) }),
    ...(constraints['just_one'] === undefined
      ? {}
      : { oneOf: constraints['just_one'].map((name) => ({ required: [name] })) }),
  };
}

function valueOf(name: string, own: Attribute): object {
  const known = { ...dictionary[name], ...own };
  const enums = { ...dictionary[name]?.enum, ...own.enum };
  const item = itemOf(known.type ?? 'json_t', Object.keys(enums));
  return known.is_array === true ? { type: 'array', items: item } : item;
}

function itemOf(type: string, enums: readonly string[]): object {
  if (!type.endsWith('_t') || type === 'object_t')
    return type !== 'object_t' && OBJECTS.has(type) ? { $ref: `#/$defs/${type}` } : { type: 'object' };
  const { type: base = type, regex, range, max_len: longest } = types.attributes[type] ?? {};
  const whole = base === 'integer_t' || base === 'long_t';
  if (enums.length > 0) return { enum: whole ? enums.map(Number) : enums };
  switch (base) {
    case 'integer_t':
    case 'long_t':
      return { type: 'integer', ...(range === undefined ? {} : { minimum: range[0], maximum: range[1] }) };
    case 'float_t':
      return { type: 'number' };
    case 'boolean_t':
      return { type: 'boolean' };
    case 'string_t':
      return {
        type: 'string',
        ...(regex === undefined ? {} : { pattern: regex }),
        ...(longest === undefined ? {} : { maxLength: longest }),
      };
    default:
      return {};
  }
}

const classes = Object.fromEntries(
  Object.entries(CLASSES).map(([name, [path, ...profiles]]) => {
    const event = merged(read(path), profiles, 'event');
    const category = categories[event.category ?? '']?.uid ?? 0;
    const uid = category * 1000 + (event.uid ?? 0);
    const schema = schemaOf(event) as { properties: Record<string, object & { enum?: number[] }> };
    const activities = schema.properties['activity_id']?.enum ?? [];
    Object.assign(schema.properties, {
      class_uid: { const: uid },
      category_uid: { const: category },
      type_uid: { enum: activities.map((activity) => uid * 100 + activity) },
    });
    return [name, schema];
  }),
);
const objects = Object.fromEntries(
  [...OBJECTS].toSorted().map((name) => [name, schemaOf(merged(read(`objects/${name}.json`), [], 'object'))]),
);
process.stdout.write(`${JSON.stringify({ version, classes, $defs: objects })}\n`);
