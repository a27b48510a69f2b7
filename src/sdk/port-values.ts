/** From the tokens of a component to the types of its arguments and outputs. */
import type { Argument, ArtifactChannel, ArtifactListChannel, Channel } from './channel.ts';
import type { ArtifactToken, EngineToken, InputToken, OutputToken, ParameterToken } from './types.ts';
import type { Port, Ports } from './port-types.ts';

export type Inputs = Readonly<Record<string, InputToken>>;
export type Outputs = Readonly<Record<string, OutputToken>>;

/** TypeScript type of a parameter's value. */
export type ValueOf<Token> = Token extends ParameterToken<infer T, boolean> ? T : never;

/** What an input may be given. Every artifact fits an input of type Artifact, and a general artifact fits everywhere. */
export type ArgumentOf<Token> =
  Token extends ParameterToken<infer T, boolean>
    ? Argument<T>
    : Token extends ArtifactToken<infer Title, infer IsList, boolean>
      ? IsList extends true
        ? ArtifactListChannel<Accepted<Title>>
        : ArtifactChannel<Accepted<Title>>
      : never;
type Accepted<Title extends string> = Title extends 'system.Artifact' ? string : Title | 'system.Artifact';

/** The handle of an output, or of a pipeline's input inside the pipeline. */
export type ChannelOf<Token> =
  Token extends ParameterToken<infer T, boolean>
    ? Channel<T>
    : Token extends ArtifactToken<infer Title, infer IsList, boolean>
      ? IsList extends true
        ? ArtifactListChannel<Title>
        : ArtifactChannel<Title>
      : Token extends EngineToken
        ? Channel<never>
        : never;

type OptionalKeys<I extends Inputs> = {
  [Key in keyof I]: I[Key] extends EngineToken
    ? never
    : I[Key] extends { readonly optionality?: infer IsOptional }
      ? true extends IsOptional
        ? Key
        : never
      : never;
}[keyof I];
type EngineKeys<I extends Inputs> = { [Key in keyof I]: I[Key] extends EngineToken ? Key : never }[keyof I];
type RequiredKeys<I extends Inputs> = Exclude<keyof I, OptionalKeys<I> | EngineKeys<I>>;

export type ArgumentsOf<I extends Inputs> = { readonly [Key in RequiredKeys<I>]: ArgumentOf<I[Key]> } & {
  readonly [Key in OptionalKeys<I>]?: ArgumentOf<I[Key]> | undefined;
};
/** The argument list of a component: its object can be left out when no input is required. */
export type CallOf<I extends Inputs> = [RequiredKeys<I>] extends [never] ? [args?: ArgumentsOf<I>] : [args: ArgumentsOf<I>];

export type OutputsOf<O extends Outputs> = { readonly [Key in keyof O]: ChannelOf<O[Key]> };

export function portsOf(tokens: Inputs | Outputs): Ports {
  return Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, (token as { readonly port: Port }).port]));
}
