CREATE TABLE "switchboard"."checkpoint_threads" (
	"id" text PRIMARY KEY NOT NULL,
	"run_id" uuid
);
--> statement-breakpoint
CREATE TABLE "switchboard"."checkpoint_values" (
	"thread_id" text NOT NULL,
	"namespace" text NOT NULL,
	"channel" text NOT NULL,
	"version" text NOT NULL,
	"type" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "checkpoint_values_thread_id_namespace_channel_version_pk" PRIMARY KEY("thread_id","namespace","channel","version")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."checkpoint_writes" (
	"thread_id" text NOT NULL,
	"namespace" text NOT NULL,
	"checkpoint_id" text NOT NULL,
	"task_id" text NOT NULL,
	"index" integer NOT NULL,
	"task_path" text NOT NULL,
	"channel" text NOT NULL,
	"type" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "checkpoint_writes_pk" PRIMARY KEY("thread_id","namespace","checkpoint_id","task_id","index")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."checkpoints" (
	"thread_id" text NOT NULL,
	"namespace" text NOT NULL,
	"id" text NOT NULL,
	"parent_id" text,
	"type" text NOT NULL,
	"value" text NOT NULL,
	"metadata_type" text NOT NULL,
	"metadata" text NOT NULL,
	CONSTRAINT "checkpoints_thread_id_namespace_id_pk" PRIMARY KEY("thread_id","namespace","id")
);
--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "crashes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "crash_progress" integer;--> statement-breakpoint
ALTER TABLE "switchboard"."checkpoint_threads" ADD CONSTRAINT "checkpoint_threads_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "switchboard"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."checkpoint_values" ADD CONSTRAINT "checkpoint_values_thread_id_checkpoint_threads_id_fk" FOREIGN KEY ("thread_id") REFERENCES "switchboard"."checkpoint_threads"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."checkpoint_writes" ADD CONSTRAINT "checkpoint_writes_thread_id_checkpoint_threads_id_fk" FOREIGN KEY ("thread_id") REFERENCES "switchboard"."checkpoint_threads"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."checkpoints" ADD CONSTRAINT "checkpoints_thread_id_checkpoint_threads_id_fk" FOREIGN KEY ("thread_id") REFERENCES "switchboard"."checkpoint_threads"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "checkpoint_threads_by_run" ON "switchboard"."checkpoint_threads" USING btree ("run_id");