CREATE TABLE "switchboard"."input_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"chat_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"kind" text NOT NULL,
	"prompt" text NOT NULL,
	"schema" json NOT NULL,
	"subject" json,
	"status" text NOT NULL,
	"answer" json,
	"answered_by" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "inputs_by_run" UNIQUE("run_id","seq")
);
--> statement-breakpoint
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
ALTER TABLE "switchboard"."chat_events" ADD COLUMN "input_id" uuid;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "suspended_seq" integer;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "due_seq" integer;--> statement-breakpoint
ALTER TABLE "switchboard"."input_requests" ADD CONSTRAINT "input_requests_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "switchboard"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."tool_calls" ADD CONSTRAINT "tool_calls_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "switchboard"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "inputs_by_expiry" ON "switchboard"."input_requests" USING btree ("expires_at") WHERE status = 'pending';