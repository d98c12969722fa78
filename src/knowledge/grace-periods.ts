/**
 * How long platforms wait between the signal and the kill when nothing is said, in milliseconds.
 *
 * Kubernetes: `terminationGracePeriodSeconds` of PodSpec v1, 30 s, from which the `preStop` hook is taken
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination). Compose: `stop_grace_period`, 10 s
 * (https://docs.docker.com/reference/compose-file/services/#stop_grace_period). pm2 6.0: `kill_timeout`, 1600 ms, behind SIGINT
 * (`KILL_TIMEOUT` and `KILL_SIGNAL` in its constants.js). Fly.io: `kill_timeout`, 5 s, behind SIGINT
 * (https://fly.io/docs/reference/configuration/#kill_signal-option). Amazon ECS: `stopTimeout` of a container, 30 s on Fargate, at most
 * 120 s there; on machines of one's own the agent may say otherwise
 * (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html). systemd: `TimeoutStopSec`, 90 s
 * (`DefaultTimeoutStopSec` in systemd-system.conf(5)).
 */
export const defaultGrace = {
  kubernetes: 30_000,
  compose: 10_000,
  pm2: 1_600,
  fly: 5_000,
  ecs: 30_000,
  systemd: 90_000,
} as const;

/** What Fargate allows at most. */
export const longestStopTimeout = 120_000;

/** What each of them sends, unless it is told otherwise. */
export const endingSignal = {
  kubernetes: "SIGTERM",
  compose: "SIGTERM",
  pm2: "SIGINT",
  fly: "SIGINT",
  ecs: "SIGTERM",
  systemd: "SIGTERM",
} as const;

/** The setting, as the manifest writes it. */
export const graceSetting = {
  kubernetes: "terminationGracePeriodSeconds",
  compose: "stop_grace_period",
  pm2: "kill_timeout",
  fly: "kill_timeout",
  ecs: "stopTimeout",
  systemd: "TimeoutStopSec",
} as const;
