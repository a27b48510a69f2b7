import type { JsonValue } from '../base/json.ts';
import { Channel, isChannel } from '../sdk/channel.ts';
import type { ChannelRef } from '../sdk/channel-ref.ts';
import { Template } from '../sdk/template.ts';

/** Every channel in a value, at any depth, in the order met. */
export function refsIn(value: unknown): ChannelRef[] {
  if (isChannel(value)) return [value.ref];
  if (value instanceof Template) return value.parts.flatMap((part) => (part instanceof Channel ? [part.ref] : []));
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(refsIn);
}

/** The value with a text for each channel in it: what the engine replaces when the step starts. */
export function withPlaceholders(value: unknown, placeholder: (ref: ChannelRef) => string): JsonValue {
  if (isChannel(value)) return placeholder(value.ref);
  if (value instanceof Template)
    return value.parts.map((part) => (typeof part === 'string' ? part : placeholder(part.ref))).join('');
  if (Array.isArray(value)) return value.map((item) => withPlaceholders(item, placeholder));
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withPlaceholders(item, placeholder)]));
}

export function inputPlaceholder(name: string): string {
  return `{{$.inputs.parameters['${name}']}}`;
}
