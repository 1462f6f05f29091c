import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';

/**
 * Permissions of the Deployment that the service does not need (by the restricted Pod Security Standard and a read-only file
 * system), and a termination period that is too short.
 */
export function securityFaults({ spec }: IDeployment): string[] {
  const pod = spec?.template.spec;
  const demands: [string, boolean][] = [
    ['the pod must not run as root', pod?.securityContext?.runAsNonRoot === true],
    ['the pod must have the default seccomp profile', pod?.securityContext?.seccompProfile?.type === 'RuntimeDefault'],
    ['the pod must not mount a token', pod?.automountServiceAccountToken === false],
    ...(pod?.containers ?? []).flatMap(({ name, securityContext, resources }): [string, boolean][] => [
      [`${name} must not gain privileges`, securityContext?.allowPrivilegeEscalation === false],
      [`${name} must not write to its file system`, securityContext?.readOnlyRootFilesystem === true],
      [`${name} must drop all capabilities`, securityContext?.capabilities?.drop?.includes('ALL') === true],
      [`${name} must add no capability`, securityContext?.capabilities?.add === undefined],
      [`${name} must say what memory it may take`, resources?.limits?.['memory'] !== undefined],
      [`${name} must say what it needs`, resources?.requests?.['cpu'] !== undefined],
    ]),
  ];
  const env = pod?.containers[0]?.env ?? [];
  const timeout = Number(env.find(({ name }) => name === 'SHUTDOWN_TIMEOUT')?.value);
  if (!((pod?.terminationGracePeriodSeconds ?? 0) > timeout)) {
    demands.push(['terminationGracePeriodSeconds must be more than SHUTDOWN_TIMEOUT', false]);
  }
  return demands.filter(([, met]) => !met).map(([demand]) => demand);
}
