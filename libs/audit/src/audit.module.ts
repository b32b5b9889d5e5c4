import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditEntryRow } from './audit-entry.entity.js';
import { AuditLog } from './audit-log.js';

/** Who changed what, and what came of it. */
@Module({
  imports: [TypeOrmModule.forFeature([AuditEntryRow])],
  providers: [AuditLog],
  exports: [AuditLog],
})
export class AuditModule {}
