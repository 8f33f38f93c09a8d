import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** Posts sessions to a service with the JDK's client as it comes, and reads them; prints the statuses. */
public class Post {
    public static void main(String[] arguments) throws Exception {
        URI sessions = URI.create(arguments[0] + "/v1/sessions");
        String place = "{\"kind\":\"trigger_point\",\"region\":\"infraspinatus\",\"side\":\"left\"}";
        String body = "{\"subject\":\"Patient/java\",\"placements\":[" + place + "]}";
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpClient client = HttpClient.newBuilder().version(version).build();
            for (int round = 0; round < 3; round++) {
                HttpRequest post =
                    HttpRequest.newBuilder(sessions)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
                System.out.println(client.send(post, BodyHandlers.ofString()).statusCode());
                System.out.println(client.send(HttpRequest.newBuilder(sessions).build(), BodyHandlers.ofString()).statusCode());
            }
        }
    }
}
