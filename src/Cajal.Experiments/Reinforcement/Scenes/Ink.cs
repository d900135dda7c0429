using SkiaSharp;

namespace Cajal.Experiments;

/// <summary>Colours and strokes of the scenes, few enough for an animation's table of 256 colours.</summary>
internal static class Ink
{
    internal static readonly SKColor Paper = SKColors.White, Line = new(0x40, 0x40, 0x40), Blue = new(0x00, 0x72, 0xb2), Orange = new(0xd5, 0x5e, 0x00), Green = new(0x00, 0x9e, 0x73), Pale = new(0xe4, 0xec, 0xf2);

    internal static SKPaint Fill(SKColor colour) => new() { Color = colour, IsAntialias = true };

    internal static SKPaint Stroke(SKColor colour, float width) => new() { Color = colour, IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = width, StrokeCap = SKStrokeCap.Round };
}
