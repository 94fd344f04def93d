import 'reflect-metadata/lite'; // which the container needs before it
import { container, type InjectionToken, instanceCachingFactory } from 'tsyringe';
import type { Plugin } from '../core/declare/plugin.ts';
import { createRegistry, type Registry } from '../core/declare/registry.ts';
import { checkWritten } from '../core/run/check-written.ts';
import { loadPlugins, type PluginRequest } from '../core/run/load.ts';
import { type ShapeCheck, shapeCheck } from '../core/run/validate.ts';

const PLUGIN: InjectionToken<Plugin> = Symbol('plugin');
const REGISTRY: InjectionToken<Registry> = Symbol('registry');
const SHAPE_CHECK: InjectionToken<() => Promise<ShapeCheck>> = Symbol('shape check');

/** What the commands are given. */
export interface Services {
  readonly registry: Registry;
  /** The check of a configuration's shape, made at its first use. */
  readonly shapeCheck: () => Promise<ShapeCheck>;
}

/**
 * The composition root: the only place that knows a container. Without `applications` their dissectors stay unloaded.
 * @throws PacketloomError `plugin` for a plugin that cannot be loaded or clashes with another.
 */
export async function compose(requests: readonly PluginRequest[] = [], applications = true): Promise<Services> {
  const scope = container.createChildContainer();
  const own = applications
    ? (await import('../plugins/standard.ts')).standard
    : (await import('../plugins/carrying.ts')).carrying;
  const plugins = [own, ...(await loadPlugins(requests))];
  checkWritten(plugins);
  for (const plugin of plugins) scope.register(PLUGIN, { useValue: plugin });
  scope.register(REGISTRY, { useFactory: instanceCachingFactory((from) => createRegistry(from.resolveAll(PLUGIN))) });
  scope.register(SHAPE_CHECK, {
    useFactory: instanceCachingFactory((from) => {
      let made: Promise<ShapeCheck> | undefined;
      return () => {
        made ??= shapeCheck(from.resolve(REGISTRY));
        return made;
      };
    }),
  });
  return { registry: scope.resolve(REGISTRY), shapeCheck: scope.resolve(SHAPE_CHECK) };
}
