import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AppError } from '#libs/kernel';
import { problemPage, problemsPage } from './problem-pages.js';
import { PROBLEMS } from './problems.js';

/** Where the `type` of a problem document leads. */
@ApiExcludeController()
@Controller('docs/problems')
export class ProblemsController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  list(): string {
    return problemsPage(PROBLEMS);
  }

  @Get(':code')
  @Header('content-type', 'text/html; charset=utf-8')
  get(@Param('code') code: string): string {
    const problem = PROBLEMS.find((candidate) => candidate.code === code);
    if (!problem) throw new AppError('not_found', 'not_found', 'There is no problem of this code.');
    return problemPage(problem);
  }
}
