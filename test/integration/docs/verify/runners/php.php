function headers_of(array $values): array
{
    $names = ['content-type', 'content-digest', 'webhook-id', 'webhook-timestamp', 'signature-input', 'signature'];
    return array_combine($names, $values);
}

while (($line = fgets(STDIN)) !== false) {
    $fields = explode("\t", rtrim($line, "\n"));
    $scheme = array_shift($fields);
    $a = array_map(fn ($field) => base64_decode(substr($field, 1)), $fields);
    $result = match ($scheme) {
        'standard' => standard($a[0], $a[1], $a[2], $a[3], $a[4], (int) $a[5]),
        'standard-public' => standard_public($a[0], $a[1], $a[2], $a[3], $a[4], (int) $a[5]),
        'over-body' => over_body(...$a),
        'preservica' => preservica(...$a),
        'stripe' => stripe($a[0], $a[1], $a[2], (int) $a[3]),
        'v0' => v0($a[0], $a[1], $a[2], $a[3], (int) $a[4]),
        'twitch' => twitch($a[0], $a[1], $a[2], $a[3], $a[4], (int) $a[5]),
        'http-signature' => http_signature($a[0], $a[1], headers_of(array_slice($a, 2, 6)), $a[8], (int) $a[9]),
        'mcs-proof' => mcs_proof(...$a),
        'challenge-response' => challenge_response(...$a),
    };
    echo is_bool($result) ? ($result ? 'true' : 'false') : $result, "\n";
}
