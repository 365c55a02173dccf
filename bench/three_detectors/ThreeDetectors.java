// The three detectors of bench/three_detectors.py in Esper: objectarray events, indexed named windows, one thread,
// external time. usage: java -cp JARS ThreeDetectors.java EVENTS.csv ALERTS.txt
// Prints one line: seconds from the first byte to the last alert, and the number of alerts of each detector.
import com.espertech.esper.common.client.configuration.Configuration;
import com.espertech.esper.compiler.client.CompilerArguments;
import com.espertech.esper.compiler.client.EPCompilerProvider;
import com.espertech.esper.runtime.client.EPEventService;
import com.espertech.esper.runtime.client.EPRuntime;
import com.espertech.esper.runtime.client.EPRuntimeProvider;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.PrintWriter;

public class ThreeDetectors {
  // Windows include their end: a millisecond more, as Esper drops what is exactly as old as the window.
  static final String EPL = String.join(
      "\n",
      "create window Releases#time(7200001 milliseconds) as Event;",
      "insert into Releases select * from Event(kind = 1);",
      "create index R on Releases (box);",
      "create window Customs#time(259200001 milliseconds) as Event;",
      "insert into Customs select * from Event(kind = 3);",
      "create index C on Customs (box);",
      "@name('D1') select id from Event(kind = 0)#groupwin(person)#time(600001 milliseconds)"
          + " group by person having count(*) >= 3;",
      "@name('D2') select id from Event(kind = 2) as g"
          + " where exists (select * from Releases as r where r.box = g.box and r.person != g.person);",
      "@name('D3') select id from Event(kind = 2) as g"
          + " where not exists (select * from Customs as c where c.box = g.box);");

  public static void main(String[] args) throws Exception {
    Configuration configuration = new Configuration();
    configuration.getCommon().addEventType(
        "Event", new String[] {"id", "time", "kind", "box", "person"},
        new Object[] {int.class, long.class, int.class, int.class, int.class});
    configuration.getRuntime().getThreading().setInternalTimerEnabled(false);
    EPRuntime runtime = EPRuntimeProvider.getDefaultRuntime(configuration);
    EPEventService events = runtime.getEventService();
    events.clockExternal();
    events.advanceTime(0);
    var deployed = runtime.getDeploymentService().deploy(
        EPCompilerProvider.getCompiler().compile(EPL, new CompilerArguments(configuration)));
    long[] alerts = new long[3];
    PrintWriter out = new PrintWriter(new FileWriter(args[1]));
    for (var statement : deployed.getStatements()) {
      if (!statement.getName().matches("D[123]")) continue;
      int number = statement.getName().charAt(1) - '1';
      statement.addListener((now, was, s, r) -> {
        if (now == null) return;
        for (var row : now) {
          out.println("D" + (number + 1) + " " + row.get("id"));
          ++alerts[number];
        }
      });
    }
    long start = System.nanoTime();
    try (BufferedReader in = new BufferedReader(new FileReader(args[0]))) {
      for (String line; (line = in.readLine()) != null;) {
        int[] comma = new int[4];
        for (int i = 0, from = 0; i < 4; ++i) from = (comma[i] = line.indexOf(',', from)) + 1;
        long time = Long.parseLong(line, comma[0] + 1, comma[1], 10);
        events.advanceTime(time);
        events.sendEventObjectArray(
            new Object[] {
                Integer.parseInt(line, 0, comma[0], 10), time, Integer.parseInt(line, comma[1] + 1, comma[2], 10),
                Integer.parseInt(line, comma[2] + 1, comma[3], 10),
                Integer.parseInt(line, comma[3] + 1, line.length(), 10)},
            "Event");
      }
    }
    out.close();
    System.out.printf("%.3f %d %d %d%n", (System.nanoTime() - start) / 1e9, alerts[0], alerts[1], alerts[2]);
    runtime.destroy();
  }
}
