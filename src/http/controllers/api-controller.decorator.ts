import { applyDecorators, Controller, SetMetadata, UseFilters, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AccessGuard } from '../../auth/index.js';
import { DEFAULT_PREFIX, type Mount, MOUNT, toRoutePath } from './mount.js';
import { PlatformGuard } from './platform.guard.js';
import { RenamedAgentsFilter } from './renamed-agents.filter.js';

/**
 * A controller that does not depend on globals of the application: it brings its filter and guards.
 *
 * @param path path below the prefix
 * @param tag tag of its operations in the OpenAPI document
 */
export function ApiController(path: string, tag: string): ClassDecorator {
  const mount: Mount = { prefix: DEFAULT_PREFIX, path };
  return applyDecorators(
    Controller(toRoutePath(mount)),
    SetMetadata(MOUNT, mount),
    ApiTags(tag),
    UseGuards(PlatformGuard, AccessGuard),
    UseFilters(RenamedAgentsFilter),
  );
}
