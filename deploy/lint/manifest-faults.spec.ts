import { describe, expect, it } from '@jest/globals';
import { manifestFaults } from './manifest-faults.js';
import { type Manifest, readManifests } from './manifest-files.js';
import { serviceFacts } from './service-facts.js';

const FACTS = serviceFacts();
const text = JSON.stringify(readManifests('deploy/kubernetes').filter(({ kind }) => kind !== 'Kustomization'));

describe('the Kubernetes manifests', () => {
  it('have no fault', () => {
    expect(manifestFaults(JSON.parse(text) as Manifest[], FACTS)).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['"replicas":3', '"replicas":"three"', 'replicas must be integer'],
    ['"kind":"Service"', '"kind":"Servise"', 'Servise: is none of'],
    [
      '"template":{"metadata":{"labels":{"app.kubernetes.io/name":"lvlup-agent-metrics"',
      '"template":{"metadata":{"labels":{"app.kubernetes.io/name":"another"',
      'Service: its selector does not match',
    ],
    ['"targetPort":"http"', '"targetPort":"web"', 'no container has the port web'],
    ['"path":"/health/ready"', '"path":"/healthz"', 'a probe asks for /healthz'],
    ['"MAX_OVERFLOW"', '"MAX_OVERFLOWS"', 'MAX_OVERFLOWS is no setting'],
    ['"key":"database-url"', '"key":"url"', 'the Secret has no url'],
    ['"secretName":"lvlup-agent-metrics"', '"secretName":"lvlup"', 'there is no Secret lvlup'],
    ['"mountPath":"/run/secrets/lvlup"', '"mountPath":"/run/secrets"', 'nothing mounts /run/secrets/lvlup/admin-key'],
    ['"runAsNonRoot":true', '"runAsNonRoot":false', 'must not run as root'],
    ['"readOnlyRootFilesystem"', '"readOnlyRootFileSystem"', 'must not write to its file system'],
    ['"drop":["ALL"]', '"drop":["NET_RAW"]', 'must drop all capabilities'],
    ['"terminationGracePeriodSeconds":35', '"terminationGracePeriodSeconds":25', 'must be more than SHUTDOWN_TIMEOUT'],
  ])('would have one with %s as %s', (right, wrong, fault) => {
    expect(text).toContain(right);
    const changed = JSON.parse(text.replace(right, wrong)) as Manifest[];
    expect(manifestFaults(changed, FACTS)).toContainEqual(expect.stringContaining(fault));
  });
});
