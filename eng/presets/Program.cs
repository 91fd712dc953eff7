// Writes a global analyzer configuration for each preset: Reliability.Presets FOLDER
using Reliability.Presets;

if (args is not [var folder])
{
    Console.Error.WriteLine("usage: Reliability.Presets FOLDER");
    return 2;
}

Directory.CreateDirectory(folder);
foreach (var (name, text) in PresetFiles.All())
    File.WriteAllText(Path.Combine(folder, name), text);
return 0;
