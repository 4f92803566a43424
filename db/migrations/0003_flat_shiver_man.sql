CREATE TABLE "switchboard"."tool_calls" (
	"run_id" uuid NOT NULL,
	"id" text NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"input" jsonb,
	"read_only" boolean NOT NULL,
	"step" integer NOT NULL,
	"state" text NOT NULL,
	"output" jsonb,
	"error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "tool_calls_run_id_id_pk" PRIMARY KEY("run_id","id")
);
--> statement-breakpoint
ALTER TABLE "switchboard"."assistants" ADD COLUMN "tools" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."assistants" ADD COLUMN "steps" integer;--> statement-breakpoint
ALTER TABLE "switchboard"."tool_calls" ADD CONSTRAINT "tool_calls_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "switchboard"."runs"("id") ON DELETE cascade ON UPDATE no action;