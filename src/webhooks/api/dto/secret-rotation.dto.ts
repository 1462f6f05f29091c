import { ApiProperty } from '@nestjs/swagger';
import { type ArgumentParser, IsWholeNumber, markParsed, Omittable } from '../../../http/validation/index.js';
import { IsSecret } from './is-secret.js';

const DAY_SECONDS = 86_400;
const OVERLAP_MAX = 30 * DAY_SECONDS;

/** Rotation of a secret. */
export interface SecretRotation {
  /** `whsec_` and the base64 of 24 to 64 bytes. Default: a new secret. */
  secret?: string | undefined;
  /** Time for which messages are also signed by the previous secret, in seconds, 0 to 2,592,000. Default: 86,400. */
  overlap_seconds?: number | undefined;
}

/** Rotation of a secret. */
export class SecretRotationDto implements SecretRotation {
  /** The new secret: `whsec_` and the base64 of 24 to 64 bytes. Default: a new one. */
  @Omittable()
  @IsSecret()
  secret?: string;

  /** Time for which messages are also signed by the previous secret, in seconds. */
  @Omittable()
  @IsWholeNumber(0, OVERLAP_MAX)
  @ApiProperty({ default: DAY_SECONDS, required: false })
  overlap_seconds?: number;
}

/** Parser of a rotation in an in-process call. */
export const SecretRotationArgument: ArgumentParser<
  SecretRotationDto,
  { secret: string | undefined; overlapMs: number }
> = {
  Dto: SecretRotationDto,
  name: 'rotation',
  convert: ({ secret, overlap_seconds = DAY_SECONDS }) => markParsed({ secret, overlapMs: overlap_seconds * 1_000 }),
};
