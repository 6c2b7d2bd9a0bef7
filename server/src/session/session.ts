import { checks } from '../checks';
import type { Registry } from '../core/ecosystem';
import type { Clock } from '../core/io';
import { ecosystemOf, ecosystems } from '../ecosystems';
import { createFeeds } from '../feeds';
import { fixedClock, systemClock } from '../platform/clock';
import { createDiskCache, noCache } from '../platform/diskCache';
import { createHttp, type NetworkSettings } from '../platform/http';
import type { Ledger } from '../platform/ledger';
import { withAccess } from '../platform/access';
import { stateFolder } from '../platform/stateFolder';
import { readUserIndexes, userAddress } from '../platform/userIndexes';
import { rolesOf } from '../policy/catalogue';
import { isPopular } from '../policy/popular';
import { isFamiliar } from '../policy/familiar';
import { similarTo } from '../policy/similar';
import type { Settings } from '../policy/settings';
import { createEngine, type Engine } from '../scan/engine';
import type { DisabledSource } from '../scan/sources';
import type { Trust } from '../provenance/trust';
import type { Verifier } from '../scan/verify';
import defer * as verifying from '../scan/verify';
import { ageLimitOf } from './ageLimit';
import { createIndexAccess } from './indexAccess';
import { createIndexes } from './indexes';
import { createProvenanceVerdicts, type ProvenanceVerdicts } from './provenanceVerdicts';
import { createPublicRegistries } from './publicRegistries';
import type { BuildFilesOptions, BuildFilesOutcome } from './sync/buildFiles';
import type { SyncOptions, SyncOutcome } from './sync/syncIndex';
import { versionsOf } from './versionsOf';

/** What the command line says; it wins over the settings. */
export interface Switches {
  readonly offline: boolean;
  readonly noRegistries: boolean;
  readonly noCache: boolean;
  readonly osvUrl?: string;
  readonly npmRegistry?: string;
  readonly pypiUrl?: string;
  readonly now?: Date;
  /** The offline index, or the folder that holds it, in place of the one in the state folder. */
  readonly db?: string;
  /** An offline index of before that is told as old. */
  readonly maxAgeMs?: number;
  /** A policy file that stands in place of those of the workspace. */
  readonly policy?: string;
}

/** How the editor reaches the network; the command line has the environment's variables alone. */
export type NetworkEnvironment = Omit<NetworkSettings, 'timeoutMs'> & {
  /** Whether the indexes that a project's own files name may be asked; absent: yes. */
  readonly trusted?: boolean;
};

export interface SessionOptions {
  readonly settings: Settings;
  readonly switches: Switches;
  readonly network: NetworkEnvironment;
  readonly ledger: Ledger;
  readonly log: (text: string) => void;
  /** What people set `settings.feeds.maxAgeMs` with; absent where nobody can. */
  readonly maxAgeSetting?: string;
  /** Whom to believe of attestations, in place of the trust root that came with this build: for tests, which sign by themselves. */
  readonly trust?: Trust;
}

/** An engine with everything it needs of this machine. The one place where the parts are put together. */
export interface Session {
  readonly engine: Engine;
  readonly verifier: Verifier;
  readonly clock: Clock;
  /** What {@link verifyProvenance} goes by and leaves behind. */
  readonly provenance: {
    readonly verdicts: ProvenanceVerdicts;
    /** Loaded when it is first wanted: nothing else needs sigstore's libraries. */
    readonly trust: () => Promise<Trust>;
    /** Why no registry is asked. */
    readonly off?: string;
  };
  /** Told of a check that threw. */
  readonly onFault: (check: { readonly id: string }, error: unknown) => void;
  readonly index: {
    /** As of when it counts; why it cannot be used. Neither where there is none. */
    state(): { readonly asOf?: Date; readonly fault?: string };
    /** Whether another index has come in its place since the session began. */
    isReplaced(): boolean;
    /** Brings it up to the dump, in any mode: the user has asked for it. */
    sync(options: Pick<SyncOptions, 'work' | 'onProgress' | 'signal'>): Promise<SyncOutcome>;
    /** Builds another in its place, from files. */
    build(options: Pick<BuildFilesOptions, 'sources' | 'work' | 'onProgress' | 'signal'>): Promise<BuildFilesOutcome>;
    /** The dump's address, as it may be shown. */
    readonly dump: string;
  };
  /** Lets go of files. */
  close(): void;
  setNetwork(network: NetworkEnvironment): void;
  /** Takes every answer for old: it is still shown, and asked again. */
  expire(): void;
  /** Empties the cache on disk. What is in memory goes with the session. */
  clearCache(): Promise<void>;
}

export function createSession({ settings, switches, network, ledger, log, maxAgeSetting, trust }: SessionOptions): Session {
  const clock = switches.now ? fixedClock(switches.now) : systemClock;
  let trusted = network.trusted ?? true;
  const networkSettings = (own: NetworkEnvironment): NetworkSettings => ({
    ...own,
    ...(settings.http.proxy !== undefined && { proxy: settings.http.proxy }),
    timeoutMs: settings.http.timeoutMs,
  });
  const http = createHttp({ ledger, settings: networkSettings(network) });
  const cache = switches.noCache ? noCache : createDiskCache({ folder: stateFolder('cache'), clock });
  const context = { http, cache, clock };

  const disabled: DisabledSource[] = [];
  const why = switches.offline
    ? 'offline'
    : settings.feeds.mode === 'local'
      ? 'local knowledge only'
      : settings.feeds.mode === 'off'
        ? 'feeds are off'
        : undefined;
  const osvUrl = switches.osvUrl ?? settings.feeds.osvUrl;
  const osv = userAddress(osvUrl) ?? { shown: osvUrl, url: osvUrl };
  const indexPlace = switches.db ?? stateFolder('index');
  const index = createIndexAccess({ place: indexPlace, versionsOf, named: switches.db !== undefined });
  const stamp = index.stamp();
  const dump = userAddress(settings.feeds.dumpUrl) ?? { shown: settings.feeds.dumpUrl, url: settings.feeds.dumpUrl };
  const feeds = createFeeds({
    ...context,
    http: withAccess(http, osv),
    osvUrl: osv.shown,
    versionsOf,
    ...(index.current().state !== 'absent' && { index }),
    ageLimit: ageLimitOf({ maxAgeMs: switches.maxAgeMs, setting: { ms: settings.feeds.maxAgeMs, text: maxAgeSetting }, place: indexPlace }),
  }).filter((feed) => {
    const reason = settings.feeds.mode === 'off' ? 'feeds are off' : feed.network ? why : undefined;
    if (reason !== undefined) disabled.push({ id: feed.id, reason });
    return reason === undefined;
  });

  const user = readUserIndexes();
  const named = { npm: switches.npmRegistry, pypi: switches.pypiUrl };
  const stands = createPublicRegistries(named, settings.registries, user, context);
  const publicHosts = stands.hosts;
  const registryOff = why ?? (switches.noRegistries ? 'switched off' : undefined);
  const registries = registryOff === undefined ? stands.open() : new Map<string, Registry>();
  if (registryOff !== undefined) for (const { registryId: id } of ecosystems) disabled.push({ id, reason: registryOff });
  const indexes = createIndexes({ ...stands, registries, context, user, trusted: () => trusted });

  // What the user's own settings bind is private; what comes from a public registry, or from what stands in its place here, is not.
  const scopes = ['npm', 'yarn', 'bun'].flatMap((tool) => [...(user.indexes[tool]?.scopes ?? [])].map((own) => [tool, ...own] as const));
  const own = scopes.filter(([, , address]) => !stands.isPublicIndex(address));
  const withheld = new Map(own.map(([tool, scope]) => [`npm ${scope}/`, `bound to an index of its own by your own settings of ${tool}`]));

  const onFault = (check: { readonly id: string }, error: unknown) =>
    log(`check ${check.id} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const verdicts = createProvenanceVerdicts();
  const engine = createEngine({
    feeds,
    registries,
    indexes,
    checks,
    rolesOf,
    isPopular,
    similarTo,
    isFamiliar,
    provenanceOf: (subject) => verdicts.of(subject),
    clock,
    disabled,
    onFault,
    withheld,
    publicHosts,
    isPublicIndex: (address) => stands.isPublicIndex(address),
  });
  let verifier: Verifier | undefined;
  const expire = () => {
    for (const source of [...feeds, ...registries.values(), indexes]) source.expire?.();
  };
  return {
    engine,
    get verifier() {
      verifier ??= verifying.createVerifier({
        clock,
        feeds,
        checks,
        disabled: [...disabled, ...[...registries.values()].map(({ id }) => ({ id, reason: 'not needed for what is installed' }))],
        ecosystemOf,
        onFault,
        withheld,
        publicHosts,
      });
      return verifier;
    },
    clock,
    provenance: {
      verdicts,
      trust: async () => trust ?? (await import('../provenance/trust')).bundledTrust(),
      ...(registryOff !== undefined && { off: registryOff }),
    },
    onFault,
    index: {
      state() {
        const current = index.current();
        return current.state === 'open' ? { asOf: current.asOf } : current.state === 'unreadable' ? { fault: current.reason } : {};
      },
      isReplaced: () => index.stamp() !== stamp,
      async sync(options) {
        const { syncIndex } = await import('./sync/syncIndex');
        return syncIndex({ ...options, http, dump, folder: indexPlace, ecosystems: ecosystems.map(({ id }) => id), now: clock.now() });
      },
      async build(options) {
        const { buildFiles } = await import('./sync/buildFiles');
        return buildFiles({ ...options, into: { folder: indexPlace }, now: clock.now() });
      },
      dump: dump.shown,
    },
    close: index.close,
    setNetwork(next) {
      trusted = next.trusted ?? true;
      http.configure(networkSettings(next));
      // What failed on the old way is not waited for on the new one.
      expire();
    },
    expire,
    clearCache: () => cache.clear(),
  };
}
