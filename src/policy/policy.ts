import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { Annotations } from './annotations.ts';
import type { Place } from './source-map.ts';

/** A policy that was loaded and checked. */
export interface Policy {
  readonly id: string;
  readonly place: Place;
  readonly effect: 'permit' | 'forbid';
  readonly text: string;
  readonly json: PolicyJson;
  readonly annotations: Annotations;
}
