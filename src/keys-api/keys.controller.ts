import { Controller, Delete, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiKeyError, type ApiKeyFault, ApiKeys } from '../auth/index.js';
import { DomainError, type ErrorCode, validationFailed } from '../common/index.js';
import { RequiresScope } from '../http/access/index.js';
import { ApiProblems, BODY_PROBLEMS } from '../http/problems/index.js';
import { JsonBody } from '../http/validation/index.js';
import { ApiKeysResponseDto, CreatedKeyResponseDto } from './dto/key.dto.js';
import { CreateKeyDto, RotateKeyDto, toExpiry, toKeyRequest } from './dto/key-request.dto.js';

/** Maximum number of listed keys. */
const LISTED_MAX = 1_000;
const SUCCESS = { status: 'success' } as const;

/**
 * API keys. All routes require the scope `admin` and a key that is not limited to some agents. A change is effective on
 * every instance after at most one second. As soon as one key exists, requests require a key.
 */
@ApiTags('API keys')
@Controller('api/keys')
export class KeysController {
  constructor(private readonly keys: ApiKeys) {}

  /** List API keys */
  @Get()
  @RequiresScope('admin')
  @ApiOkResponse({ type: ApiKeysResponseDto, description: 'The keys, without their text.' })
  @ApiProblems()
  async listKeys(): Promise<ApiKeysResponseDto> {
    const keys = await this.keys.list();
    return { ...SUCCESS, keys: keys.slice(0, LISTED_MAX) };
  }

  /**
   * Create an API key
   *
   * @remarks The key is in this response only; its SHA-256 is stored. As soon as one key exists, requests require a key, also
   * from this machine.
   */
  @Post()
  @RequiresScope('admin')
  @ApiCreatedResponse({ type: CreatedKeyResponseDto, description: 'The new key.' })
  @ApiProblems(...BODY_PROBLEMS, 'cross_site_request', 'key_exists', 'write_conflict')
  async createKey(@JsonBody() body: CreateKeyDto): Promise<CreatedKeyResponseDto> {
    const request = toKeyRequest(body);
    return { ...SUCCESS, created: await translateErrors(this.keys.create(request)) };
  }

  /**
   * Replace an API key
   *
   * @remarks Creates a key with the same name, scope and agents. The previous key expires at once, or after the overlap.
   */
  @Post(':name/rotate')
  @RequiresScope('admin')
  @HttpCode(HttpStatus.OK)
  @ApiParam({ name: 'name', description: 'Name of the key.' })
  @ApiOkResponse({ type: CreatedKeyResponseDto, description: 'The new key.' })
  @ApiProblems(...BODY_PROBLEMS, 'cross_site_request', 'key_not_found', 'write_conflict')
  async rotateKey(@Param('name') name: string, @JsonBody() body: RotateKeyDto): Promise<CreatedKeyResponseDto> {
    const { overlap_seconds = 0 } = body;
    const rotation = this.keys.rotate(name, overlap_seconds * 1_000, toExpiry(body));
    return { ...SUCCESS, created: await translateErrors(rotation) };
  }

  /**
   * Revoke an API key
   *
   * @remarks Revokes all keys with the name, or the key with the id. Requests still require a key after the last one is
   * revoked.
   */
  @Delete(':name_or_id')
  @RequiresScope('admin')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiParam({ name: 'name_or_id', description: 'Name of the keys, or id of one key.' })
  @ApiNoContentResponse({ description: 'The keys were revoked.' })
  @ApiProblems('cross_site_request', 'key_not_found', 'write_conflict')
  async revokeKey(@Param('name_or_id') nameOrId: string): Promise<void> {
    await translateErrors(this.keys.revoke(nameOrId));
  }
}

const CODES: Record<Exclude<ApiKeyFault, 'invalid'>, ErrorCode> = {
  exists: 'key_exists',
  not_found: 'key_not_found',
};

async function translateErrors<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (!(error instanceof ApiKeyError)) throw error;
    // Other properties were checked before.
    if (error.fault === 'invalid') throw validationFailed([{ field: 'expires_at', detail: 'must be in the future' }]);
    throw new DomainError(CODES[error.fault], error.message);
  }
}
