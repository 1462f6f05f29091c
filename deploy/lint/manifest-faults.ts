import { Deployment, type IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import { type INetworkPolicy, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { type IPodDisruptionBudget, PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { type ISecret, Secret } from 'kubernetes-models/v1/Secret';
import { type IService, Service } from 'kubernetes-models/v1/Service';
import type { Manifest } from './manifest-files.js';
import { securityFaults } from './security-faults.js';

/** Endpoints and settings of the service. */
export interface ServiceFacts {
  paths: readonly string[];
  settings: readonly string[];
}

/** The kinds that there may be. */
const MODELS = { Deployment, NetworkPolicy, PodDisruptionBudget, Secret, Service };

/** Faults of these objects: those that Kubernetes refuses, and references that it accepts but cannot resolve. */
export function manifestFaults(manifests: readonly Manifest[], facts: ServiceFacts): string[] {
  const refused = manifests.flatMap(schemaFaults);
  if (refused.length > 0) return refused;
  const one = (kind: keyof typeof MODELS): Manifest => {
    const [found, ...others] = manifests.filter((manifest) => manifest.kind === kind);
    if (!found || others.length > 0) throw new Error(`there must be one ${kind}`);
    return found;
  };
  const deployment = one('Deployment') as IDeployment;
  const service = one('Service') as IService;
  const policy = one('NetworkPolicy') as INetworkPolicy;
  return [
    ...selectorFaults(deployment, service, one('PodDisruptionBudget') as IPodDisruptionBudget, policy),
    ...portFaults(deployment, service, policy),
    ...probeFaults(deployment, facts),
    ...settingFaults(deployment, facts),
    ...secretFaults(deployment, one('Secret') as ISecret),
    ...securityFaults(deployment),
  ];
}

function schemaFaults(manifest: Manifest): string[] {
  const { kind, metadata } = manifest;
  if (!(kind in MODELS)) return [`${kind}: is none of ${Object.keys(MODELS).join(', ')}`];
  try {
    new MODELS[kind as keyof typeof MODELS](manifest).validate();
    return [];
  } catch (error) {
    return [`${kind} ${metadata?.name ?? ''}: ${(error as Error).message}`];
  }
}

const podOf = ({ spec }: IDeployment) => spec?.template;
const containersOf = (deployment: IDeployment) => podOf(deployment)?.spec?.containers ?? [];

function selectorFaults(
  deployment: IDeployment,
  service: IService,
  budget: IPodDisruptionBudget,
  policy: INetworkPolicy,
): string[] {
  const labels = podOf(deployment)?.metadata?.labels ?? {};
  const selectors = {
    Deployment: deployment.spec?.selector.matchLabels,
    Service: service.spec?.selector,
    PodDisruptionBudget: budget.spec?.selector?.matchLabels,
    NetworkPolicy: policy.spec?.podSelector.matchLabels,
    ...Object.fromEntries(
      (podOf(deployment)?.spec?.topologySpreadConstraints ?? []).map(({ topologyKey, labelSelector }) => [
        `spread by ${topologyKey}`,
        labelSelector?.matchLabels,
      ]),
    ),
  };
  return Object.entries(selectors)
    .filter(([, selector]) => !selector || Object.entries(selector).some(([label, value]) => labels[label] !== value))
    .map(([of]) => `${of}: its selector does not match the pods`);
}

function portFaults(deployment: IDeployment, service: IService, policy: INetworkPolicy): string[] {
  const known = containersOf(deployment).flatMap(({ ports = [] }) => ports.map(({ name }) => name));
  const asked = [
    ...(service.spec?.ports ?? []).map(({ targetPort }) => targetPort),
    ...(policy.spec?.ingress ?? []).flatMap(({ ports = [] }) => ports.map(({ port }) => port)),
    ...probesOf(deployment).map(({ port }) => port),
  ];
  return asked
    .filter((port) => !known.includes(String(port)))
    .map((port) => `no container has the port ${port ?? '?'}`);
}

function probesOf(deployment: IDeployment) {
  return containersOf(deployment).flatMap(({ startupProbe, livenessProbe, readinessProbe }) =>
    [startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet ?? { path: 'none', port: 'none' }),
  );
}

function probeFaults(deployment: IDeployment, { paths }: ServiceFacts): string[] {
  return probesOf(deployment)
    .filter(({ path = '' }) => !paths.includes(path))
    .map(({ path }) => `a probe asks for ${path ?? ''}, which the service does not have`);
}

function settingFaults(deployment: IDeployment, { settings }: ServiceFacts): string[] {
  return containersOf(deployment)
    .flatMap(({ env = [] }) => env.map(({ name }) => name))
    .filter((name) => !settings.includes(name))
    .map((name) => `${name} is no setting of the service`);
}

/** References to the Secret, and settings that name files, which must come from it. */
function secretFaults(deployment: IDeployment, { metadata, stringData = {} }: ISecret): string[] {
  const container = containersOf(deployment)[0];
  const volumes = (podOf(deployment)?.spec?.volumes ?? []).flatMap(({ name, secret }) =>
    secret ? [{ name, secret }] : [],
  );
  const names = [
    ...(container?.env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []),
    ...volumes.map(({ secret }) => secret.secretName ?? ''),
  ];
  const keys = [
    ...(container?.env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.key ?? []),
    ...volumes.flatMap(({ secret }) => (secret.items ?? []).map(({ key }) => key)),
  ];
  const files = (container?.volumeMounts ?? []).flatMap(({ name, mountPath }) =>
    volumes
      .filter((volume) => volume.name === name)
      .flatMap(({ secret }) => (secret.items ?? []).map(({ path }) => `${mountPath}/${path}`)),
  );
  const asked = (container?.env ?? []).filter(({ name }) => name.endsWith('_FILE')).map(({ value = '' }) => value);
  return [
    ...names.filter((name) => name !== metadata?.name).map((name) => `there is no Secret ${name}`),
    ...keys.filter((key) => !(key in stringData)).map((key) => `the Secret has no ${key}`),
    ...asked.filter((file) => !files.includes(file)).map((file) => `nothing mounts ${file}`),
  ];
}
