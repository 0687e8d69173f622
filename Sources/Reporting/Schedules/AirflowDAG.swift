/// A DAG file for Apache Airflow, versions 2.4 to 3.
enum AirflowDAG {
    static func unit(for program: ScheduledProgram) -> ScheduleUnit {
        let minutes = program.manner.minutesBetweenRuns ?? 1440
        let command =
            "cd \(ShellText.quoted(program.folder)) && exec \(program.words.map(ShellText.quoted).joined(separator: " "))"
        return ScheduleUnit(
            name: "osrs_archive_capture.py",
            text: """
                # Captures Old School RuneScape hiscores. Put this file into Airflow's dags folder. The worker needs the
                # program, the folder and the archive at these paths. The task fails where a capture failed: its log names
                # the account, the archive has the attempt, and the next run asks again, so that no retries are needed here.
                from datetime import datetime, timedelta, timezone

                try:
                    from airflow.sdk import DAG
                    from airflow.providers.standard.operators.bash import BashOperator
                except ImportError:  # Airflow 2
                    from airflow import DAG
                    from airflow.operators.bash import BashOperator

                with DAG(
                    dag_id="osrs_archive_capture",
                    description="Captures of Old School RuneScape hiscores",
                    schedule=timedelta(minutes=\(minutes)),
                    start_date=datetime(2026, 1, 1, \(program.offset / 60), \(program.offset % 60), tzinfo=timezone.utc),
                    catchup=False,
                    max_active_runs=1,
                    tags=["osrs-archive"],
                ) as dag:
                    BashOperator(task_id="capture", retries=0, bash_command=\(literal(template(command))))

                """)
    }

    /// Airflow takes the command for a Jinja template: only braces have a meaning there.
    private static func template(_ text: String) -> String { text.escaped(["{": "{{ '{' }}"]) }

    /// A Python string literal.
    private static func literal(_ text: String) -> String {
        "\"" + text.escaped(["\\": "\\\\", "\"": "\\\""]) + "\""
    }
}
